//! Phone numbers that people can dial in with.

use crate::diagnostic::{Code, Complaint, excerpt};
use serde::Serialize;

/// A dial-in number: digits, with a `+` before a country code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a phone number; blanks, dashes, dots and brackets in it are dropped.
    ///
    /// # Errors
    /// `bad-phone`: other characters, too short, too long, a country code that starts with 0.
    pub fn read(text: &str) -> Result<Self, Complaint> {
        let bad = |message: String| Complaint::new(Code::BadPhone, message);
        let bare = text.strip_prefix("tel:").unwrap_or(text);
        let number: String = bare
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '（' | '）'))
            .collect();
        let digits = number.strip_prefix('+').unwrap_or(&number);
        if digits.contains(['+', ',', '，', '、', '/', ';', '；']) {
            return Err(bad("this is more than one phone number".to_owned())
                .hint("write a list: `phones: [\"+862759771621\", \"+8657128356288\"]`"));
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !(3..=15).contains(&digits.len()) {
            return Err(bad(format!("`{}` is not a phone number", excerpt(text)))
                .hint("write 3 to 15 digits with the country code, such as `\"+862759771621\"`"));
        }
        if number.starts_with("+0") {
            return Err(
                bad(format!("no country code starts with 0: `{number}`")).hint(format!(
                    "write the country code instead of the 0, in China `+86{}`",
                    digits.trim_start_matches('0')
                )),
            );
        }
        Ok(Phone(number))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;
    use crate::diagnostic::Complaint;

    fn hint(result: Result<Phone, Complaint>) -> String {
        result
            .err()
            .and_then(|complaint| complaint.hint)
            .unwrap_or_default()
    }

    #[test]
    fn reads_phone_numbers_in_the_forms_of_announcements() {
        assert_eq!(
            Phone::read("+86 27 5977-1621").expect("it is one").as_str(),
            "+862759771621"
        );
        assert_eq!(
            Phone::read("057128095818").expect("it is one").as_str(),
            "057128095818"
        );
        assert!(hint(Phone::read("+057128095818")).contains("+8657128095818"));
        assert!(hint(Phone::read("+862759771621+8657128356288")).contains("a list"));
        assert!(Phone::read("call me").is_err());
    }
}
