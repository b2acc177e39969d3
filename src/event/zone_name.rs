//! Zone names: which time zone a text names.
//!
//! Flows in: the text of a `timezone:`. Flows out: the zone, or the name that was probably meant.

use crate::diagnostic::{Code, Complaint, nearest};
use crate::event::written_time::quote;
use chrono_tz::{TZ_VARIANTS, Tz};

/// Reads the IANA name of a time zone.
pub fn read_zone(text: &str) -> Result<Tz, Complaint> {
    let name = text.trim();
    name.parse().map_err(|_| {
        let proposal = match likely_zone(&name.to_lowercase()) {
            Some(zone) => format!("`{zone}`"),
            None => "the IANA name of a place, like `Asia/Shanghai` or `Europe/Berlin`".to_owned(),
        };
        let message = format!("`{}` is not a time zone", quote(name));
        Complaint::new(Code::UnknownZone, message).hint(format!("write {proposal}"))
    })
}

/// Gives the IANA names of all zones.
pub fn zone_names() -> impl Iterator<Item = &'static str> {
    TZ_VARIANTS.iter().map(|zone| zone.name())
}

/// Names that people give to the time in China; `cst` is also Chicago's and Havana's.
const CHINA: &str = "cst bjt prc china beijing peking china_standard_time beijing_time asia/beijing asia/peking \
    asia/hangzhou asia/shenzhen asia/guangzhou +0800 北京 北京时间 上海 中国";

fn likely_zone(lower: &str) -> Option<&'static str> {
    let wanted = lower.replace(' ', "_");
    let is_city = |name: &&str| name.to_lowercase().rsplit('/').next() == Some(&wanted);
    if CHINA.split_whitespace().any(|name| name == wanted) {
        return Some(Tz::Asia__Shanghai.name());
    }
    zone_names()
        .find(|name| name.to_lowercase() == wanted)
        .or_else(|| zone_at_offset(lower))
        .or_else(|| zone_names().find(is_city))
        .or_else(|| nearest(&wanted, zone_names().filter(|name| name.contains('/'))))
}

/// Finds the zone of `utc-5`: POSIX counts the hours westwards, so it is `Etc/GMT+5`.
fn zone_at_offset(lower: &str) -> Option<&'static str> {
    let offset = lower.trim_start_matches("utc").trim_start_matches("gmt");
    let (sign, hours) = match offset.split_at_checked(1)? {
        ("+", hours) => ('-', hours),
        ("-", hours) => ('+', hours),
        _ => return None,
    };
    let hours: u8 = hours.trim_end_matches(":00").parse().ok()?;
    if (sign, hours) == ('-', 8) {
        return Some(Tz::Asia__Shanghai.name());
    }
    let zone: Tz = format!("Etc/GMT{sign}{hours}").parse().ok()?;
    Some(zone.name())
}

#[cfg(test)]
mod tests {
    use super::read_zone;
    use crate::diagnostic::Code;
    use proptest::prelude::{any, prop_assert, proptest};

    #[test]
    fn reads_iana_zones_and_proposes_them_for_anything_else() {
        for name in ["Asia/Shanghai", "Etc/GMT-8", "UTC", " Europe/Berlin "] {
            assert_eq!(read_zone(name).expect(name).name(), name.trim());
        }
        let table = "CST => `Asia/Shanghai`
            Asia/Beijing => `Asia/Shanghai`
            UTC+8 => `Asia/Shanghai`
            +08:00 => `Asia/Shanghai`
            北京时间 => `Asia/Shanghai`
            asia/shanghai => `Asia/Shanghai`
            Asia/Shanghia => `Asia/Shanghai`
            GMT-5 => `Etc/GMT+5`
            New York => `America/New_York`
            PST => the IANA name of a place, like `Asia/Shanghai` or `Europe/Berlin`";
        for line in table.lines().map(str::trim) {
            let (name, proposal) = line.split_once(" => ").expect(line);
            let complaint = read_zone(name).expect_err(name);
            assert_eq!(complaint.code, Code::UnknownZone);
            assert_eq!(complaint.hint, Some(format!("write {proposal}")), "{name}");
        }
    }

    proptest! {
        #[test]
        fn survives_any_zone(text in any::<String>()) {
            prop_assert!(read_zone(&text).map_or(true, |zone| zone.name() == text.trim()));
        }
    }
}
