//! Identity of texts: 64-bit hashes that are the same on every run and machine.

/// An arbitrary odd constant (2^64 over the golden ratio), so that empty texts do not hash to 0.
const START: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hashes `bytes`; different seeds give unrelated hashes of the same bytes.
///
/// Each step is a bijection of the state, so that texts of equal length up to 8 bytes never
/// collide; longer ones do so at the rate of chance.
pub(crate) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = mix(seed ^ START ^ (bytes.len() as u64).rotate_left(32));
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = mix(state ^ u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        state = mix(state ^ u64::from_le_bytes(word));
    }
    state
}

/// The 64-bit finaliser of `MurmurHash3` (Austin Appleby, public domain): a bijection in which
/// every input bit reaches every output bit.
const fn mix(mut state: u64) -> u64 {
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^= state >> 33;
    state = state.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}

/// Hashes `bytes` in a few steps: for what every row asks for, of which nothing is kept or shown.
///
/// Folds 128-bit products (the idea of Wang Yi's `wyhash`, public domain); texts of any length
/// collide at the rate of chance.
pub(super) fn quick(seed: u64, bytes: &[u8]) -> u64 {
    let length = bytes.len() as u64;
    let (low, high) = match bytes {
        [] => (0, 0),
        [first, .., last] if bytes.len() < 4 => {
            let middle = u64::from(bytes[bytes.len() / 2]);
            (u64::from(*first) << 16 | middle << 8 | u64::from(*last), 0)
        }
        [only] => (u64::from(*only), 0),
        _ if bytes.len() <= 8 => (word4(bytes), word4(&bytes[bytes.len() - 4..])),
        _ if bytes.len() <= 16 => (word8(bytes), word8(&bytes[bytes.len() - 8..])),
        _ => {
            let mut state = seed;
            for pair in bytes[..bytes.len() - 1].as_chunks::<16>().0 {
                state = fold(word8(pair) ^ START, word8(&pair[8..]) ^ state);
            }
            let last = &bytes[bytes.len() - 16..];
            (word8(last) ^ state, word8(&last[8..]))
        }
    };
    fold(fold(low ^ START, high ^ seed ^ SECOND) ^ length, SECOND)
}

/// Hashes a number, likewise.
pub(super) fn number(seed: u64, number: i64) -> u64 {
    fold(fold(number.cast_unsigned() ^ START, seed ^ SECOND), SECOND)
}

/// Another arbitrary odd constant (2^64 over π), so that a zero in one factor is no rule.
const SECOND: u64 = 0x517c_c1b7_2722_0a95;

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let low = u64::try_from(product & u128::from(u64::MAX)).unwrap_or(0);
    low ^ u64::try_from(product >> 64).unwrap_or(0)
}

fn word8(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}

fn word4(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |word| u64::from(u32::from_le_bytes(*word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_fixed_and_tell_texts_apart() {
        assert_eq!(hash(0, b"CA-2016-152156"), hash(0, b"CA-2016-152156"));
        let texts: [&[u8]; 6] = [b"", b"\0", b"a", b"a\0", b"12345678", b"123456780"];
        let mut hashes: Vec<_> = texts.iter().map(|text| hash(0, text)).collect();
        hashes.push(hash(1, b"a"));
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 7);
    }

    /// 700 000 sums of two numbers, as rows have them: by chance two agree once in 7·10⁷ such tests.
    #[test]
    fn sums_of_numbers_tell_rows_apart() {
        let sums = (17_000..17_700).flat_map(|day| {
            (0..1000).map(move |cents| number(1, day).wrapping_add(number(4, cents)))
        });
        let mut sums: Vec<u64> = sums.collect();
        sums.sort_unstable();
        sums.dedup();
        assert_eq!(sums.len(), 700_000);
    }

    /// 400 000 texts of 0 to 40 bytes: by chance two of them agree once in 2·10⁸ such tests.
    #[test]
    fn quick_hashes_tell_texts_apart() {
        let mut texts: Vec<String> = (0..200_000).map(|i| format!("C{i:07}")).collect();
        texts.extend((0..199_959).map(|i| format!("2017-01-{i} and some more")));
        texts.extend((0..=40).map(|length| "x".repeat(length)));
        let mut hashes: Vec<_> = texts.iter().map(|text| quick(1, text.as_bytes())).collect();
        hashes.push(quick(2, b"x"));
        hashes.sort_unstable();
        let count = hashes.len();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
        // Every bit of the shards' numbers is used about equally: 1 562 of each, ± 6 σ.
        let mut shards = [0_i32; 128];
        for text in &texts[..200_000] {
            shards[(quick(1, text.as_bytes()) >> 40) as usize % 128] += 1;
        }
        assert!(shards.iter().all(|count| (count - 1562).abs() < 240), "{shards:?}");
    }
}
