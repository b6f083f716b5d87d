//! Each kind of period counted in whole numbers, so that a period's index is a subtraction.
//!
//! Months count from January of year 0, quarters and years likewise, weeks from the one that holds
//! 1970-01-01; a number of days counts from the period that ends on the as-of date, 0.

use jiff::civil::Date;

use super::Period;
use crate::units::Day;

/// 1970-01-01 is a Thursday: three days after the Monday its week begins on.
const THURSDAY: i64 = 3;

/// The number of the period that holds `day`.
pub(super) fn number(period: Period, day: Day, as_of: Day) -> i64 {
    match period {
        Period::Month => {
            let (year, month) = year_and_month(day);
            year * 12 + month - 1
        }
        Period::Quarter => {
            let (year, month) = year_and_month(day);
            year * 4 + (month - 1) / 3
        }
        Period::Year => year_and_month(day).0,
        Period::Week => (i64::from(day.number()) + THURSDAY).div_euclid(7),
        Period::Days(days) => {
            let before = i64::from(as_of.number()) - i64::from(day.number());
            -before.div_euclid(i64::from(days))
        }
    }
}

/// The first day of a period by its number; the nearest civil day where there is none.
pub(super) fn first_day(period: Period, number: i64, as_of: Day) -> Day {
    match period {
        Period::Month => first_of_month(number.div_euclid(12), number.rem_euclid(12) + 1),
        Period::Quarter => first_of_month(number.div_euclid(4), number.rem_euclid(4) * 3 + 1),
        Period::Year => first_of_month(number, 1),
        Period::Week => civil(number * 7 - THURSDAY),
        Period::Days(days) => civil(i64::from(as_of.number()) + (number - 1) * i64::from(days) + 1),
    }
}

/// Year and month (from 1) of a day.
fn year_and_month(day: Day) -> (i64, i64) {
    let date = day.date();
    (i64::from(date.year()), i64::from(date.month()))
}

fn first_of_month(year: i64, month: i64) -> Day {
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .and_then(|(year, month)| Date::new(year, month, 1).ok());
    let nearest = if year < 0 { Date::MIN } else { Date::MAX };
    Day::from_date(date.unwrap_or(nearest))
}

/// The day of that number, or the nearest one that is a civil date.
fn civil(number: i64) -> Day {
    let (first, last) = (Day::from_date(Date::MIN), Day::from_date(Date::MAX));
    let number = number.clamp(i64::from(first.number()), i64::from(last.number()));
    Day::from_number(i32::try_from(number).unwrap_or(last.number()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_lies_in_its_own_period() {
        let as_of = Day::from_ymd(2018, 3, 31).unwrap();
        let periods =
            [Period::Month, Period::Quarter, Period::Year, Period::Week, Period::Days(10)];
        for period in periods {
            for number in -2_000..20_000 {
                let day = Day::from_number(number);
                let index = super::number(period, day, as_of);
                assert!(first_day(period, index, as_of) <= day, "{period} {day}");
                assert!(day < first_day(period, index + 1, as_of), "{period} {day}");
            }
        }
    }

    #[test]
    fn periods_without_civil_dates_begin_on_the_nearest_one() {
        let as_of = Day::from_ymd(2018, 3, 31).unwrap();
        for period in [Period::Month, Period::Quarter, Period::Year, Period::Week] {
            let far = i64::from(i32::MAX);
            assert_eq!(first_day(period, far, as_of).date(), Date::MAX);
            assert_eq!(first_day(period, -far, as_of).date(), Date::MIN);
        }
        assert_eq!(first_day(Period::Days(u32::MAX), i64::from(i32::MAX), as_of).date(), Date::MAX);
    }
}
