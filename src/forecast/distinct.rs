//! Few distinct keys of many customers: what depends on the key only is worked out once each.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A place that stands for none.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The distinct keys with a value of each, in the order in which they first occur, and every
/// customer's place among them; [`NOWHERE`] without a key.
pub(super) fn distinct<K: Hash + Eq, V>(
    keys: impl IntoIterator<Item = Option<(K, V)>>,
) -> (Vec<u32>, Vec<V>) {
    let mut index: HashMap<K, u32, BuildHasherDefault<Mix>> = HashMap::default();
    let mut values = Vec::new();
    let place = keys
        .into_iter()
        .map(|key| {
            let Some((key, value)) = key else { return NOWHERE };
            match index.entry(key) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    // Customers are numbered by 32 bits, and there are no more keys than customers.
                    let place = u32::try_from(values.len()).unwrap_or(NOWHERE);
                    values.push(value);
                    *new.insert(place)
                }
            }
        })
        .collect();
    (place, values)
}

/// Mixes a few whole numbers: the keys are our own, and nobody chooses them to collide.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_i32(&mut self, number: i32) {
        self.write_u64(u64::from(number.cast_unsigned()));
    }

    fn write_u64(&mut self, number: u64) {
        // 2^64 over the golden ratio, odd.
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The product's high bits are the mixed ones, and a table asks for both ends.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_as_they_occur() {
        let keys = [Some((7_u32, 'a')), None, Some((3, 'b')), Some((7, 'c'))];
        let (place, values) = distinct(keys);
        assert_eq!(place, [0, NOWHERE, 1, 0]);
        assert_eq!(values, ['a', 'b']); // the first one's value
    }
}
