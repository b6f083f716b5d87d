//! Numbers that may be missing, many of them.

/// An `Option<f64>` in eight bytes instead of sixteen: one NaN of its own stands for none, every
/// other number for itself, also other NaNs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot(f64);

/// A quiet NaN that no arithmetic makes: its payload spells "slot".
const NONE: u64 = 0x7ff8_0000_736c_6f74;

impl Slot {
    /// No number.
    pub(crate) const NONE: Self = Self(f64::from_bits(NONE));

    pub(crate) const fn new(number: Option<f64>) -> Self {
        match number {
            Some(number) => Self(number),
            None => Self::NONE,
        }
    }

    pub(crate) const fn get(self) -> Option<f64> {
        if self.0.to_bits() == NONE { None } else { Some(self.0) }
    }
}

impl PartialEq for Slot {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_but_one_nan_comes_back() {
        for number in [0.0, -0.0, 1e-320, f64::MAX, f64::INFINITY, f64::NAN, -f64::NAN] {
            let found = Slot::new(Some(number)).get().map(f64::to_bits);
            assert_eq!(found, Some(f64::to_bits(number)));
        }
        assert_eq!(Slot::new(None).get(), None);
        assert_eq!((Slot::NONE, size_of::<Slot>()), (Slot::new(None), 8));
    }
}
