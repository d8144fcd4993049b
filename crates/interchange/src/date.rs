use roamkey_proto::{Calendar, Time};

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
    let Calendar { year, month, day, hour, minute, second, milli } = time.into();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
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
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    let is_offset = (0..24).contains(&hours) && (0..60).contains(&minutes);
    is_offset.then(|| (time, sign * (hours * 60 + minutes)))
}

/// Days since 1970 in the Gregorian calendar, the inverse of [`Calendar`]: years begin in March, so that the leap day is the
/// last.
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
            ("2026-11-22T17:45:44+9223372036854775807:00", None),
            ("2026-11-22T17:45:44+24:00", None),
            ("2026-11-22T17:45:44+01:-9", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(date(text), time.map(Time), "{text}");
        }
    }
}
