//! Few distinct keys of many customers: what depends on the key only is worked out once each.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use rayon::prelude::*;

/// A place that stands for none.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Customers that one thread takes at a time: so many that the keys of a block are few beside them,
/// and their numbering anew, which is done by one thread, takes little time.
const BLOCK: usize = 1 << 16;

/// The distinct keys of customers 0, 1, … in the order in which they first occur, and every
/// customer's place among them ([`NOWHERE`] without a key). `key` is told which customer, may note
/// what else it finds of it, and can bring along a value that depends on the key only.
pub(super) fn distinct<K: Hash + Eq + Copy + Send, V: Send, T: Send>(
    customers: &mut [T],
    key: impl Fn(usize, &mut T) -> Option<(K, V)> + Sync,
) -> (Vec<u32>, Vec<V>) {
    let blocks: Vec<Block<K, V>> = customers
        .par_chunks_mut(BLOCK)
        .enumerate()
        .map(|(block, customers)| {
            let (mut index, mut keys) = (Index::default(), Vec::new());
            let places = (block * BLOCK..).zip(customers).map(|(i, customer)| {
                let Some((key, value)) = key(i, customer) else { return NOWHERE };
                index.place(key, || keys.push((key, value)))
            });
            (places.collect(), keys)
        })
        .collect();
    let (mut index, mut values) = (Index::default(), Vec::new());
    let mut places = Vec::with_capacity(customers.len());
    for (own, keys) in blocks {
        let keys = keys.into_iter();
        let whole: Vec<u32> =
            keys.map(|(key, value)| index.place(key, || values.push(value))).collect();
        places.extend(own.iter().map(|&own| whole.get(own as usize).copied().unwrap_or(NOWHERE)));
    }
    (places, values)
}

/// Places of a block's customers among its own keys, and those keys.
type Block<K, V> = (Vec<u32>, Vec<(K, V)>);

/// Numbers keys as they come.
struct Index<K>(HashMap<K, u32, BuildHasherDefault<Mix>>);

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Hash + Eq> Index<K> {
    /// The number of a key; `new` is called for one that has none yet.
    fn place(&mut self, key: K, new: impl FnOnce()) -> u32 {
        // Customers are numbered by 32 bits, and there are no more keys than customers.
        let next = u32::try_from(self.0.len()).unwrap_or(NOWHERE);
        match self.0.entry(key) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                new();
                *vacant.insert(next)
            }
        }
    }
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
    fn keys_are_numbered_as_they_occur_in_all_blocks() {
        let keys = [Some((7_u32, 'a')), None, Some((3, 'b')), Some((7, 'a'))];
        let mut noted = [0; 4];
        let (place, values) = distinct(&mut noted, |i, note| {
            *note = i;
            keys[i]
        });
        assert_eq!(place, [0, NOWHERE, 1, 0]);
        assert_eq!((values, noted), (vec!['a', 'b'], [0, 1, 2, 3]));
        // The later blocks have their keys in another order.
        let key = |i: usize| if i < BLOCK { i % 5 } else { 6 - i % 7 };
        let customers = &mut [(); 2 * BLOCK + 3];
        let (place, values) = distinct(customers, |i, ()| Some((key(i), key(i))));
        assert!((0..place.len()).all(|i| values[place[i] as usize] == key(i)));
        assert_eq!(values.len(), 7);
        assert_eq!(values[..5], [0, 1, 2, 3, 4]);
    }
}
