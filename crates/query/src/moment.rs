//! [`Moment`]: what a printed time means, and [`Zone`], which gives it that meaning.

use std::fmt;
use std::ops::Range;

use borgq_json::Timestamp;
use chrono::{
    DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDateTime, TimeZone as _,
    Timelike as _, Utc,
};

/// The zone in which borg 1.x printed its clock readings.
///
/// It is not in the document: it must be known from outside.
pub trait Zone {
    /// The offsets that a clock in this zone may have had when it showed `reading`.
    ///
    /// # Errors
    ///
    /// A sentence, if the zone is not known.
    fn offsets(&self, reading: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String>;

    /// A span of clock readings around `reading`, all of which have one offset,
    /// and the same. `None` if none is known.
    ///
    /// With it the zone need not be asked for every reading.
    fn steady(&self, reading: NaiveDateTime) -> Option<Range<NaiveDateTime>> {
        let _ = reading;
        None
    }

    /// The offset that a clock in this zone has at `instant`.
    ///
    /// # Errors
    ///
    /// A sentence, if the zone is not known.
    fn offset_at(&self, instant: DateTime<Utc>) -> Result<FixedOffset, String>;

    /// The name of the zone for people, for instance `Europe/Berlin`.
    fn name(&self) -> String;
}

/// A zone that never changes its offset.
///
/// ```
/// use borgq_query::{Moment, Zone};
/// use chrono::FixedOffset;
///
/// let zone = FixedOffset::east_opt(3600).unwrap();
/// assert_eq!(zone.name(), "+01:00");
/// let moment = Moment::of(&"2025-03-01T02:00:00.000000".parse()?, &zone)?;
/// assert_eq!(moment.to_string(), "2025-03-01T01:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Zone for FixedOffset {
    fn offsets(&self, _: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String> {
        Ok(MappedLocalTime::Single(*self))
    }

    fn offset_at(&self, _: DateTime<Utc>) -> Result<FixedOffset, String> {
        Ok(*self)
    }

    fn name(&self) -> String {
        self.to_string()
    }
}

/// The instant that a printed time means, or the two that it may mean.
///
/// When a clock is set back, an hour is shown twice, and a clock reading in it
/// means two instants. The older one is the one to judge by: it never makes a
/// backup look younger than it is.
///
/// It prints as RFC 3339 in UTC, with the fraction that borg printed, or none
/// if that is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The instant, the older one if there are two.
    pub instant: DateTime<Utc>,
    /// The younger instant of a repeated hour.
    pub other: Option<DateTime<Utc>>,
    /// How many digits the fraction was printed with.
    pub(crate) fraction_digits: u8,
}

/// Why a printed time means no instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMoment {
    /// The zone is not known.
    NoZone(String),
    /// No clock in the zone ever showed this: the zone is wrong.
    Skipped {
        /// The clock reading.
        reading: Timestamp,
        /// The name of the zone.
        zone: String,
    },
    /// The instant is outside of the years 1 to 9999 in UTC.
    OutOfRange(Timestamp),
}

impl fmt::Display for NoMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoZone(sentence) => f.write_str(sentence),
            Self::Skipped { reading, zone } => write!(
                f,
                "the local time {reading} does not exist in the zone {zone}, whose clocks were \
                 set forward over it: the document was printed in another zone, give that one"
            ),
            Self::OutOfRange(time) => {
                write!(
                    f,
                    "the time {time} is outside of the years 1 to 9999 in UTC"
                )
            }
        }
    }
}

impl std::error::Error for NoMoment {}

impl Moment {
    /// What a printed time means. A clock reading is taken in `zone`.
    ///
    /// # Errors
    ///
    /// If the time is a clock reading and the zone is not known, or is proven
    /// wrong by it; if the instant is outside of the years 1 to 9999.
    pub fn of(time: &Timestamp, zone: &dyn Zone) -> Result<Self, NoMoment> {
        let offsets = match time.offset() {
            Some(offset) => MappedLocalTime::Single(offset),
            None => zone.offsets(time.reading()).map_err(NoMoment::NoZone)?,
        };
        Self::at(time, offsets, zone)
    }

    fn at(
        time: &Timestamp,
        offsets: MappedLocalTime<FixedOffset>,
        zone: &dyn Zone,
    ) -> Result<Self, NoMoment> {
        let instant = |offset: FixedOffset| {
            offset
                .from_local_datetime(&time.reading())
                .single()
                .map(|instant| instant.to_utc())
                .filter(|instant| (1..=9999).contains(&instant.year()))
                .ok_or(NoMoment::OutOfRange(*time))
        };
        let (instant, other) = match offsets {
            MappedLocalTime::Single(offset) => (instant(offset)?, None),
            MappedLocalTime::Ambiguous(one, two) => {
                let (one, two) = (instant(one)?, instant(two)?);
                (one.min(two), Some(one.max(two)))
            }
            MappedLocalTime::None => {
                return Err(NoMoment::Skipped {
                    reading: *time,
                    zone: zone.name(),
                });
            }
        };
        Ok(Self {
            instant,
            other,
            fraction_digits: time.fraction_digits(),
        })
    }

    /// The younger instant of a repeated hour, printed as the moment is.
    #[must_use]
    pub fn other_text(&self) -> Option<String> {
        self.other.map(|other| self.text(other))
    }

    fn text(&self, instant: DateTime<Utc>) -> String {
        let mut text = String::with_capacity("2025-03-01T02:00:00.123456Z".len());
        // An instant is one of the years 1 to 9999.
        let year = instant.year().unsigned_abs();
        push_digits(&mut text, year, 4, 4);
        for (before, part) in [
            ('-', instant.month()),
            ('-', instant.day()),
            ('T', instant.hour()),
            (':', instant.minute()),
            (':', instant.second()),
        ] {
            text.push(before);
            push_digits(&mut text, part, 2, 2);
        }
        let nanos = instant.timestamp_subsec_nanos();
        if nanos > 0 {
            text.push('.');
            push_digits(&mut text, nanos, 9, self.fraction_digits);
        }
        text.push('Z');
        text
    }
}

/// The first `shown` of the `all` digits of a number. chrono's own way to write
/// times takes most of the time that a long list needs.
fn push_digits(text: &mut String, number: u32, all: u8, shown: u8) {
    for place in (all.saturating_sub(shown)..all).rev() {
        let digit = number / 10_u32.pow(place.into()) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

/// What many printed times mean, one after another.
pub(crate) struct Moments<'a> {
    zone: &'a dyn Zone,
    /// The span of the latest clock reading, and its offset.
    steady: Option<(Range<NaiveDateTime>, FixedOffset)>,
}

impl<'a> Moments<'a> {
    pub(crate) const fn new(zone: &'a dyn Zone) -> Self {
        Self { zone, steady: None }
    }

    /// As [`Moment::of`].
    pub(crate) fn of(&mut self, time: &Timestamp) -> Result<Moment, NoMoment> {
        if !time.is_reading() {
            return Moment::of(time, self.zone);
        }
        let reading = time.reading();
        if let Some((span, offset)) = &self.steady
            && span.contains(&reading)
        {
            return Moment::at(time, MappedLocalTime::Single(*offset), self.zone);
        }
        let offsets = self.zone.offsets(reading).map_err(NoMoment::NoZone)?;
        if let MappedLocalTime::Single(offset) = offsets {
            self.steady = self.zone.steady(reading).map(|span| (span, offset));
        }
        Moment::at(time, offsets, self.zone)
    }

    pub(crate) fn zone(&self) -> &'a dyn Zone {
        self.zone
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text(self.instant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin around its two changes of 2025.
    struct Berlin;

    impl Zone for Berlin {
        fn offsets(&self, reading: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String> {
            let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
            let hours = |hours: i32| FixedOffset::east_opt(hours * 3600).unwrap();
            Ok(if reading < at("2025-03-30T02:00:00") {
                MappedLocalTime::Single(hours(1))
            } else if reading < at("2025-03-30T03:00:00") {
                MappedLocalTime::None
            } else if reading < at("2025-10-26T02:00:00") {
                MappedLocalTime::Single(hours(2))
            } else if reading < at("2025-10-26T03:00:00") {
                MappedLocalTime::Ambiguous(hours(2), hours(1))
            } else {
                MappedLocalTime::Single(hours(1))
            })
        }

        fn offset_at(&self, instant: DateTime<Utc>) -> Result<FixedOffset, String> {
            let summer = ["2025-03-30T01:00:00Z", "2025-10-26T01:00:00Z"];
            let [from, to] = summer.map(|text| text.parse::<DateTime<Utc>>().unwrap());
            let hours = if from <= instant && instant < to {
                2
            } else {
                1
            };
            Ok(FixedOffset::east_opt(hours * 3600).unwrap())
        }

        fn name(&self) -> String {
            "Europe/Berlin".into()
        }
    }

    struct Unknown;

    impl Zone for Unknown {
        fn offsets(&self, _: NaiveDateTime) -> Result<MappedLocalTime<FixedOffset>, String> {
            Err("no zone".into())
        }

        fn offset_at(&self, _: DateTime<Utc>) -> Result<FixedOffset, String> {
            Err("no zone".into())
        }

        fn name(&self) -> String {
            "?".into()
        }
    }

    #[track_caller]
    fn means(time: &str, instant: &str, other: Option<&str>) {
        let moment = Moment::of(&time.parse().unwrap(), &Berlin).unwrap();
        assert_eq!(moment.to_string(), instant);
        assert_eq!(moment.other_text().as_deref(), other);
    }

    #[test]
    fn a_clock_reading_becomes_an_instant_through_the_zone() {
        means("2025-03-01T02:00:00.000000", "2025-03-01T01:00:00Z", None);
        means("2025-07-01T02:00:00.000000", "2025-07-01T00:00:00Z", None);
    }

    #[test]
    fn a_time_with_an_offset_needs_no_zone() {
        let moment = Moment::of(
            &"2025-03-01T02:00:00.120000-04:56:02".parse().unwrap(),
            &Unknown,
        );
        assert_eq!(moment.unwrap().to_string(), "2025-03-01T06:56:02.120000Z");
    }

    #[test]
    fn the_repeated_hour_means_two_instants_and_the_older_one_counts() {
        means(
            "2025-10-26T02:15:00",
            "2025-10-26T00:15:00Z",
            Some("2025-10-26T01:15:00Z"),
        );
        means(
            "2025-10-26T02:15:00.50",
            "2025-10-26T00:15:00.50Z",
            Some("2025-10-26T01:15:00.50Z"),
        );
    }

    #[test]
    fn many_times_mean_what_each_of_them_means_alone() {
        let mut moments = Moments::new(&Berlin);
        for time in [
            "2025-03-01T02:00:00.000000",
            "2025-07-01T02:00:00.000000+05:30",
            "2025-10-26T02:30:00.000000",
            "2025-03-01T02:00:00.000000Z",
            "2025-07-01T02:00:00.000000",
        ] {
            let time: Timestamp = time.parse().unwrap();
            let moment = moments.of(&time).unwrap();
            assert_eq!(moment, Moment::of(&time, &Berlin).unwrap());
        }
    }

    #[test]
    fn the_skipped_hour_proves_that_the_zone_is_wrong() {
        let error = Moment::of(&"2025-03-30T02:30:00.000000".parse().unwrap(), &Berlin);
        assert_eq!(
            error.unwrap_err().to_string(),
            "the local time 2025-03-30T02:30:00.000000 does not exist in the zone Europe/Berlin, \
             whose clocks were set forward over it: the document was printed in another zone, \
             give that one"
        );
    }

    #[test]
    fn an_unknown_zone_gives_no_instant() {
        let error = Moment::of(&"2025-03-30T02:30:00".parse().unwrap(), &Unknown);
        assert_eq!(error, Err(NoMoment::NoZone("no zone".into())));
    }

    #[test]
    fn an_instant_after_the_year_9999_is_refused() {
        let error = Moment::of(&"9999-12-31T23:59:59-01:00".parse().unwrap(), &Berlin);
        assert_eq!(
            error.unwrap_err().to_string(),
            "the time 9999-12-31T23:59:59-01:00 is outside of the years 1 to 9999 in UTC"
        );
    }
}
