//! Parallel work: the same for every item, on all processors, in the order of the items.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// The fewest items that are worth a thread of their own.
const LEAST_SHARE: usize = 64;

/// Does the same to every item, on all processors; the order stays.
pub(super) fn in_parallel<'i, T: Sync, U: Send>(
    items: &'i [T],
    work: impl Fn(&'i T) -> U + Sync,
) -> Vec<U> {
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(hands).max(LEAST_SHARE);
    let work = &work;
    thread::scope(|scope| {
        let shares = items.chunks(share);
        let hands: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(work).collect::<Vec<U>>()))
            .collect();
        let done = hands.into_iter().map(|hand| hand.join());
        done.flat_map(|done| done.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}
