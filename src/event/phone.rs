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
        let is_number = |digits: &str| {
            digits.bytes().all(|b| b.is_ascii_digit()) && (3..=15).contains(&digits.len())
        };
        if !is_number(digits) {
            return Err(match several(&number) {
                Some(numbers) => bad("this is more than one phone number".to_owned())
                    .hint(format!("write a list: `phones: [{}]`", numbers.join(", "))),
                None => not_a_number(
                    text,
                    digits
                        .split(|c: char| !c.is_ascii_digit())
                        .find(|part| is_number(part)),
                ),
            });
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

/// Parts numbers that run together, each quoted: `+86…、+86…` and `+86…+86…`.
fn several(text: &str) -> Option<Vec<String>> {
    let parted = text.replace('+', ",+");
    let parts = parted
        .split([',', '，', '、', '/', ';', '；'])
        .filter(|part| !part.is_empty());
    let numbers: Vec<&str> = parts.collect();
    let is_number = |number: &&str| {
        let digits = number.strip_prefix('+').unwrap_or(number);
        digits.len() >= 7 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    (numbers.len() > 1 && numbers.iter().all(is_number)).then(|| {
        numbers
            .iter()
            .map(|number| format!("\"{number}\""))
            .collect()
    })
}

fn not_a_number(text: &str, digits: Option<&str>) -> Complaint {
    let message = format!("`{}` is not a phone number", excerpt(text));
    let plus = if text.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    Complaint::new(Code::BadPhone, message).hint(match digits {
        Some(digits) => format!("write the number alone: `\"{plus}{digits}\"`"),
        None => {
            "write 3 to 15 digits with the country code, such as `\"+862759771621\"`".to_owned()
        }
    })
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
