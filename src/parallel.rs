//! Parallel work: the same for every share of many items, on all processors; or two things at once.
//!
//! Flows in: items and what to do with a share of them. Flows out: the results in the order of the items.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many items are handed out at once: enough to be worth a thread, few enough to end together.
const SHARE: usize = 64;

/// Does the same to every share of the items; the results stand in the order of the shares.
pub fn in_shares<'i, T: Sync, U: Send>(
    items: &'i [T],
    work: impl Fn(&'i [T]) -> U + Sync,
) -> Vec<U> {
    let results = Vec::with_capacity(items.len().div_ceil(SHARE));
    fold_shares(items, work, results, Vec::push)
}

/// Does the same to every item, each being a share of its own; the results stand in the order of the items.
pub fn one_by_one<'i, T: Sync, U: Send>(
    items: &'i [T],
    work: impl Fn(&'i T) -> U + Sync,
) -> Vec<U> {
    let results = Vec::with_capacity(items.len());
    let work = |share: &'i [T]| share.iter().map(&work).collect::<Vec<U>>();
    fold(1, items, work, results, Vec::extend)
}

/// Does the same to every share of the items, and adds each result to the whole as soon as those before
/// it are added: so what is kept of a share need not be kept twice.
pub fn fold_shares<'i, T: Sync, U: Send, W: Send>(
    items: &'i [T],
    work: impl Fn(&'i [T]) -> U + Sync,
    whole: W,
    add: impl Fn(&mut W, U) + Sync,
) -> W {
    fold(SHARE, items, work, whole, add)
}

fn fold<'i, T: Sync, U: Send, W: Send>(
    share: usize,
    items: &'i [T],
    work: impl Fn(&'i [T]) -> U + Sync,
    whole: W,
    add: impl Fn(&mut W, U) + Sync,
) -> W {
    let shares: Vec<&[T]> = items.chunks(share).collect();
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let helpers = processors.min(shares.len()).saturating_sub(1);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Done {
        whole,
        added: 0,
        early: BTreeMap::new(),
    });
    let take_shares = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(share) = shares.get(number) else {
                return;
            };
            let result = work(share);
            // Poisoned only if a hand panicked while it added, which ends the program.
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.add(number, result, &add);
        }
    };
    thread::scope(|scope| {
        let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(take_shares)).collect();
        take_shares();
        for helper in helpers {
            helper.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
    let done = done.into_inner();
    done.unwrap_or_else(PoisonError::into_inner).whole
}

/// What is added so far, and the results that came before their turn.
struct Done<U, W> {
    whole: W,
    added: usize,
    early: BTreeMap<usize, U>,
}

impl<U, W> Done<U, W> {
    fn add(&mut self, number: usize, result: U, add: impl Fn(&mut W, U)) {
        self.early.insert(number, result);
        while let Some(result) = self.early.remove(&self.added) {
            add(&mut self.whole, result);
            self.added += 1;
        }
    }
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
    use super::{in_shares, one_by_one};

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..10_000).collect();
        let doubled = in_shares(&items, |share| {
            share.iter().map(|n| n * 2).collect::<Vec<_>>()
        });
        let expected: Vec<usize> = (0..20_000).step_by(2).collect();
        assert_eq!(doubled.concat(), expected);
        assert_eq!(one_by_one(&items, |n| n * 2), expected);
        assert!(in_shares(&[0; 0], |share| share.len()).is_empty());
    }
}
