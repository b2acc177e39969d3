//! Digests: what an entry says, in 128 bits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

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
            Some(bytes) => out.collect_str(&format_args!("{:032x}", u128::from_be_bytes(bytes))),
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        /// The digits, borrowed where they stand as they are.
        #[derive(Deserialize)]
        struct Digits<'a>(#[serde(borrow)] Cow<'a, str>);

        Digits::deserialize(from).map(|Digits(digits)| Digest::read(&digits))
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
