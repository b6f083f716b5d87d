//! Identity of texts: a 64-bit hash that is the same on every run and machine.

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
}
