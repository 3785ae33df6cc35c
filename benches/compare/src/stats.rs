//! Medians, and the spread of the rounds around them.

/// One figure over many rounds.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    pub median: f64,
    /// About half of the rounds are within this distance of the median: half the range between the quartiles.
    pub spread: f64,
}

impl Summary {
    pub fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        let at = |quarter: usize| rounds[(rounds.len() - 1) * quarter / 4];
        Self { median: at(2), spread: (at(3) - at(1)) / 2.0 }
    }
}
