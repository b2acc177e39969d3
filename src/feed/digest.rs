//! Digests: what an entry says, in 128 bits.

use crate::feed::stamp::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The digest of an entry, or none where it is not known; 32 hexadecimal digits in the ledger, or an empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(Option<[u8; 16]>);

impl Digest {
    /// Takes the first bytes of a longer digest.
    pub(super) fn of(bytes: [u8; 16]) -> Self {
        Digest(Some(bytes))
    }

    /// Reads digits as they are written; what was never a digest is none.
    fn read(digits: &str) -> Self {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let digits = Some(digits).filter(|it| it.len() == 32 && it.bytes().all(is_digit));
        let number = digits.and_then(|digits| u128::from_str_radix(digits, 16).ok());
        Digest(number.map(u128::to_be_bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => out.serialize_str(""),
            Some(bytes) => {
                let mut digits = [0; 32];
                let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
                for (digit, half) in digits.iter_mut().zip(halves) {
                    *digit = b"0123456789abcdef"[usize::from(half)];
                }
                out.serialize_str(str::from_utf8(&digits).unwrap_or_default())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Text::deserialize(from).map(|Text(digits)| Digest::read(&digits))
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn digests_are_read_as_they_are_written() {
        for digits in [
            "",
            "0123456789abcdef0123456789abcdef",
            "00000000000000000000000000000000",
        ] {
            let json = format!("\"{digits}\"");
            let digest: Digest = serde_json::from_str(&json).expect("it is a text");
            assert_eq!(serde_json::to_string(&digest).expect("it is a text"), json);
        }
    }

    #[test]
    fn what_was_never_a_digest_is_none() {
        for json in [
            "\"x\"",
            "\"+123456789abcdef0123456789abcdef\"",
            "\"0123456789ABCDEF0123456789ABCDEF\"",
        ] {
            let digest: Digest = serde_json::from_str(json).expect("it is a text");
            assert_eq!(digest, Digest::default(), "{json}");
        }
    }
}
