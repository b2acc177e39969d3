//! Dice: numbers that look random and are the same on every machine.
//!
//! Flows in: a seed. Flows out: the numbers of SplitMix64. Deliberately absent: the clock and the
//! machine's randomness, so that a report can be looked at again.

use std::ops::RangeInclusive;

/// A source of numbers.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Gives a number of a range.
    pub fn within(&mut self, range: RangeInclusive<i64>) -> i64 {
        let size = range.end().abs_diff(*range.start()) + 1;
        let offset = i64::try_from(self.next() % size).expect("ranges are small");
        range.start() + offset
    }

    /// Gives an index of a list.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.next() % length as u64).expect("lists are short")
    }

    /// Tells whether something happens that does so `percent` times of a hundred.
    pub fn happens(&mut self, percent: i64) -> bool {
        self.within(1..=100) <= percent
    }

    /// Picks one of a list.
    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.index(list.len())]
    }

    /// Picks some of a list, at least one, mostly in their order.
    pub fn some<'a, T: ?Sized>(&mut self, list: &[&'a T], most: usize) -> Vec<&'a T> {
        let mut left = list.to_vec();
        let wanted = 1 + self.index(most.min(list.len()));
        while left.len() > wanted {
            left.remove(self.index(left.len()));
        }
        if self.happens(20) {
            left.reverse();
        }
        left
    }
}
