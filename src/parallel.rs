//! Parallel work: the same for every share of many items, on all processors; or two things at once.
//!
//! Flows in: items and what to do with a share of them. Flows out: the results in the order of the items.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many items are handed out at once: enough to be worth a thread, few enough to end together.
const SHARE: usize = 64;

/// Does the same to every share of the items; the results stand in the order of the shares.
pub fn in_shares<'i, T: Sync, U: Send>(
    items: &'i [T],
    work: impl Fn(&'i [T]) -> U + Sync,
) -> Vec<U> {
    let shares: Vec<&[T]> = items.chunks(SHARE).collect();
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let helpers = processors.min(shares.len()).saturating_sub(1);
    let next = AtomicUsize::new(0);
    let take_shares = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            match shares.get(number) {
                Some(share) => done.push((number, work(share))),
                None => return done,
            }
        }
    };
    let mut done = thread::scope(|scope| {
        let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(take_shares)).collect();
        let mut done = take_shares();
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does two different things at once.
pub fn at_once<A, B: Send>(one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        let other = other.join().unwrap_or_else(|panic| resume_unwind(panic));
        (one, other)
    })
}

#[cfg(test)]
mod tests {
    use super::in_shares;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..10_000).collect();
        let doubled = in_shares(&items, |share| {
            share.iter().map(|n| n * 2).collect::<Vec<_>>()
        });
        let expected: Vec<usize> = (0..20_000).step_by(2).collect();
        assert_eq!(doubled.concat(), expected);
        assert!(in_shares(&[0; 0], |share| share.len()).is_empty());
    }
}
