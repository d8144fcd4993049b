use roamkey_proto::Time;

/// Reads a time as exports write it: seconds or milliseconds since 1970, or a date (RFC 3339) with or without a time.
pub(crate) fn date(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Ok(number) = text.parse::<u64>() {
        return Some(number_of(number));
    }
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, time),
        None => (text, "00:00:00Z"),
    };
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let (time, offset) = split_offset(time)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    if !is_date || !is_time {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    u64::try_from(seconds * 1_000 + millis).ok().map(Time)
}

/// A number of seconds, or of milliseconds where seconds would lie beyond the year 5000.
pub(crate) fn number_of(number: u64) -> Time {
    Time(if number < 100_000_000_000 { number * 1_000 } else { number })
}

/// Writes a time as RFC 3339 has it, in UTC.
pub(crate) fn rfc3339(time: Time) -> String {
    let (seconds, millis) = (time.0 / 1_000, time.0 % 1_000);
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The date of a day counted from 1970; the inverse of [`days`].
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// Takes the minutes east of Greenwich off a time.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (time, offset) = time.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    Some((time, sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)))
}

/// Days since 1970 in the Gregorian calendar: years begin in March, so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_they_are_read() {
        assert_eq!(rfc3339(Time(951_782_400_000)), "2000-02-29T00:00:00.000Z");
        for time in [0, 951_782_400_000, 1_795_369_544_123].map(Time) {
            assert_eq!(date(&rfc3339(time)), Some(time));
        }
    }

    #[test]
    fn times_are_read_as_exports_write_them() {
        for (text, time) in [
            ("1700000000", Some(1_700_000_000_000)),
            ("1700000000123", Some(1_700_000_000_123)),
            ("2000-02-29", Some(951_782_400_000)),
            ("2026-11-22T17:45:44Z", Some(1_795_369_544_000)),
            ("2026-11-22T18:45:44.5+01:00", Some(1_795_369_544_500)),
            ("2026-11-22 17:45:44", Some(1_795_369_544_000)),
            ("1970-01-01T00:00:00-01:00", Some(3_600_000)),
            ("1970-01-01T00:00:00+01:00", None),
            ("1969-12-31", None),
            ("2026-13-01", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(date(text), time.map(Time), "{text}");
        }
    }
}
