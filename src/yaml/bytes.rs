//! Bytes: looking for a sign in all bytes of a text, many at once.
//!
//! There is no way out in the middle, and the tests use `&` and `|`: so the compiler looks at many bytes in one step.

/// Tells whether a test holds for any byte.
pub(super) fn any_byte(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |any, byte| any | test(*byte))
}

/// Tells whether a test holds for any two bytes in a row.
pub(super) fn any_two(bytes: &[u8], test: impl Fn(u8, u8) -> bool) -> bool {
    let next = bytes.get(1..).unwrap_or_default();
    let twos = bytes.iter().zip(next);
    twos.fold(false, |any, (first, second)| any | test(*first, *second))
}

/// Tells whether a test holds for any three bytes in a row.
pub(super) fn any_three(bytes: &[u8], test: impl Fn(u8, u8, u8) -> bool) -> bool {
    let Some(count) = bytes.len().checked_sub(2) else {
        return false;
    };
    let (first, second, third) = (&bytes[..count], &bytes[1..=count], &bytes[2..]);
    let threes = first.iter().zip(second).zip(third);
    threes.fold(false, |any, ((first, second), third)| {
        any | test(*first, *second, *third)
    })
}

/// Counts the bytes for which a test holds.
pub(super) fn count_bytes(bytes: &[u8], test: impl Fn(u8) -> bool) -> usize {
    bytes.iter().map(|byte| usize::from(test(*byte))).sum()
}

#[cfg(test)]
mod tests {
    use super::{any_byte, any_three, any_two, count_bytes};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn finds_what_is_there(bytes in proptest::collection::vec(0_u8..4, 0..200), sign in any::<[bool; 4]>()) {
            let test = |byte: u8| sign[usize::from(byte)];
            let count = bytes.iter().filter(|byte| test(**byte)).count();
            prop_assert_eq!(any_byte(&bytes, test), count > 0);
            prop_assert_eq!(count_bytes(&bytes, test), count);
            let is_there = bytes.windows(2).any(|two| two == [1, 2]);
            prop_assert_eq!(any_two(&bytes, |a, b| (a == 1) & (b == 2)), is_there);
            let is_there = bytes.windows(3).any(|three| three == [1, 2, 3]);
            prop_assert_eq!(any_three(&bytes, |a, b, c| (a == 1) & (b == 2) & (c == 3)), is_there);
        }
    }
}
