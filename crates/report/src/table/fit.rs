//! Which columns stand side by side, and how wide they are.

use super::{Column, GAP, Kind};

/// Columns of text are not cut below this width.
const LEAST: usize = 8;
/// Nor below this one where there is room below.
const GOOD: usize = 16;

/// The columns in parts that fit, by their places. All but the first repeat the
/// leading columns of text, which say whose the rest is. A part of one column
/// more may be too wide.
pub(super) fn parts(
    columns: &[Column],
    widths: &[usize],
    available: Option<usize>,
) -> Vec<Vec<usize>> {
    let all: Vec<_> = (0..columns.len()).collect();
    let Some(available) = available else {
        return vec![all];
    };
    let fits = |part: &[usize], cap| total(&capped(part, columns, widths, cap)) <= available;
    if fits(&all, LEAST) {
        return vec![all];
    }
    let is_text = |column: &&Column| column.kind == Kind::Text;
    let lead = columns.iter().take_while(is_text).count();
    let (lead, rest) = all.split_at(lead.min(columns.len().saturating_sub(1)));
    let mut parts = Vec::new();
    let mut part = lead.to_vec();
    for &column in rest {
        part.push(column);
        if part.len() > lead.len() + 1 && !fits(&part, GOOD) {
            part.pop();
            parts.push(std::mem::replace(&mut part, lead.to_vec()));
            part.push(column);
        }
    }
    parts.push(part);
    parts
}

/// The columns of a part with their widths: the widest of text are cut to a
/// common one.
pub(super) fn cut_widths(
    part: &[usize],
    columns: &[Column],
    widths: &[usize],
    available: Option<usize>,
) -> Vec<(usize, usize)> {
    let cut = |cap| capped(part, columns, widths, cap);
    let Some(available) = available else {
        return cut(usize::MAX);
    };
    let caps = std::iter::once(usize::MAX).chain((LEAST..=available).rev());
    let mut fitting = caps.map(cut).filter(|widths| total(widths) <= available);
    fitting.next().unwrap_or_else(|| cut(LEAST))
}

fn capped(part: &[usize], columns: &[Column], widths: &[usize], cap: usize) -> Vec<(usize, usize)> {
    let of = |&at: &usize| {
        let width = *widths.get(at)?;
        Some(match columns.get(at)?.kind {
            Kind::Text => (at, width.min(cap)),
            Kind::Fixed | Kind::Number => (at, width),
        })
    };
    part.iter().filter_map(of).collect()
}

fn total(widths: &[(usize, usize)]) -> usize {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    widths.iter().map(|(_, width)| width).sum::<usize>() + gaps
}
