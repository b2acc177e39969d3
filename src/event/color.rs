//! Colours of feeds.

use crate::diagnostic::{Code, Complaint, excerpt};
use std::fmt;

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red, green and blue.
    pub rgb: [u8; 3],
}

impl Color {
    /// Reads `#RRGGBB`.
    ///
    /// # Errors
    /// `bad-color` for anything else.
    pub fn read(text: &str) -> Result<Self, Complaint> {
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        value
            .map(|value| {
                let [_, red, green, blue] = value.to_be_bytes();
                Color {
                    rgb: [red, green, blue],
                }
            })
            .ok_or_else(|| {
                Complaint::new(
                    Code::BadColor,
                    format!("`{}` is not a colour", excerpt(text)),
                )
                .hint("write six hexadecimal digits in quotes, such as `\"#2A9D8F\"`")
            })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::Color;

    #[test]
    fn reads_colours() {
        assert_eq!(
            Color::read("#2a9d8f").expect("it is one").to_string(),
            "#2A9D8F"
        );
        assert!(Color::read("teal").is_err());
    }
}
