//! Text: the bytes of a file as UTF-8.
//!
//! Flows in: bytes. Flows out: text, or a complaint that names the encoding it was probably saved in.
//! Deliberately absent: converting. A guess may propose, never publish.

use crate::diagnostic::{Code, Complaint};

/// The largest file that is taken.
pub(super) const LIMIT: u64 = 1 << 20;

/// Takes the bytes of a file as text, or says why they are none.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Complaint> {
    if bytes.len() as u64 > LIMIT {
        return Err(
            Complaint::new(Code::FileTooLarge, "the file is larger than 1 MiB")
                .hint("an event file is a page of text; link to slides and recordings instead"),
        );
    }
    let valid = match str::from_utf8(bytes) {
        Ok(text) if !looks_like_utf16(bytes) => return Ok(text),
        Ok(_) => 0,
        Err(error) => error.valid_up_to(),
    };
    let line = bytes[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let message = format!("the file is not UTF-8 text from byte {valid} on, in line {line}");
    let hint = match probable_encoding(bytes) {
        Some(name) => format!(
            "it looks like {name}: save it as UTF-8, or convert it with `iconv -f {name} -t UTF-8`"
        ),
        None => "save it as UTF-8".to_owned(),
    };
    Err(Complaint::new(Code::NotUtf8, message).hint(hint))
}

fn probable_encoding(bytes: &[u8]) -> Option<&'static str> {
    if looks_like_utf16(bytes) {
        Some("UTF-16")
    } else if looks_like_gbk(bytes) {
        Some("GBK")
    } else {
        None
    }
}

fn looks_like_utf16(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().filter(|&&byte| byte == 0).count();
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || (zeros > 0 && zeros * 4 >= bytes.len())
}

/// Tells whether all that is not ASCII comes in GBK's pairs, most of them everyday Chinese (GB 2312).
fn looks_like_gbk(bytes: &[u8]) -> bool {
    let (mut pairs, mut everyday) = (0, 0);
    let mut bytes = bytes.iter().copied();
    while let Some(lead) = bytes.find(|byte| !byte.is_ascii()) {
        match (lead, bytes.next()) {
            (0xa1..=0xf7, Some(0xa1..=0xfe)) => everyday += 1,
            (0x81..=0xfe, Some(0x40..=0x7e | 0x80..=0xfe)) => {}
            _ => return false,
        }
        pairs += 1;
    }
    pairs > 0 && everyday * 4 >= pairs * 3
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::diagnostic::Code;

    fn hint(bytes: &[u8]) -> String {
        text(bytes).unwrap_err().hint.unwrap()
    }

    #[test]
    fn gbk_is_named_with_the_place_and_the_command() {
        let bytes = b"id: a\ntitle: \xbf\xaa\xd4\xb4\xc9\xe7\xc7\xf8 # \xbb\xe1\xd2\xe9\n";
        let complaint = text(bytes).unwrap_err();
        assert_eq!(complaint.code, Code::NotUtf8);
        assert_eq!(
            complaint.message,
            "the file is not UTF-8 text from byte 13 on, in line 2"
        );
        assert!(hint(bytes).ends_with("with `iconv -f GBK -t UTF-8`"));
    }

    #[test]
    fn utf_16_is_named_with_and_without_its_mark() {
        for bytes in [&b"\xff\xfet\0i\0"[..], b"\xfe\xff\0t", b"t\0i\0t\0"] {
            assert!(hint(bytes).ends_with("with `iconv -f UTF-16 -t UTF-8`"));
        }
    }

    #[test]
    fn anything_else_is_not_guessed() {
        let cut = "社区会议，开源之夏".as_bytes();
        let latin = b"Caf\xe9 in Z\xfcrich\n";
        for bytes in [&cut[..cut.len() - 1], latin, b"\xff", b"x\xb1"] {
            assert_eq!(hint(bytes), "save it as UTF-8");
        }
        assert_eq!(text("\u{feff}会议 \0".as_bytes()), Ok("\u{feff}会议 \0"));
    }
}
