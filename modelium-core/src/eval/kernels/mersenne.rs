//! The Mersenne Twister, MT19937, as the official suite's random operators draw from it.

const LENGTH: usize = 624;
const MIDDLE: usize = 397;

/// A stream of random numbers that depends on its seed alone.
pub(super) struct Mersenne {
    state: [u32; LENGTH],
    next: usize,
}

impl Mersenne {
    /// The stream of a seed.
    pub(super) fn new(seed: u32) -> Self {
        let mut state = [0; LENGTH];
        let mut word = seed;
        for (index, slot) in (0_u32..).zip(state.iter_mut()) {
            if index > 0 {
                word = 1_812_433_253_u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(index);
            }
            *slot = word;
        }
        Self { state, next: LENGTH }
    }

    fn word(&mut self) -> u32 {
        if self.next == LENGTH {
            for index in 0..LENGTH {
                let joined = (self.state[index] & 0x8000_0000) | (self.state[(index + 1) % LENGTH] & 0x7fff_ffff);
                let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[index] = self.state[(index + MIDDLE) % LENGTH] ^ (joined >> 1) ^ twist;
            }
            self.next = 0;
        }
        let mut word = self.state[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// A number in [0, 1) of 53 random bits.
    pub(super) fn uniform(&mut self) -> f64 {
        let (high, low) = (f64::from(self.word() >> 5), f64::from(self.word() >> 6));
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_the_authors_reference_draws() {
        // the first word of seed 5489 in the authors' mt19937ar.c, and numpy's RandomState(0).random_sample(2)
        assert_eq!(Mersenne::new(5489).word(), 3_499_211_612);
        let mut stream = Mersenne::new(0);
        assert!((stream.uniform() - 0.548_813_503_927_324_8).abs() < 1e-15);
        assert!((stream.uniform() - 0.715_189_366_372_419_4).abs() < 1e-15);
    }
}
