//! `TfIdfVectorizer`.

use std::collections::HashMap;
use std::hash::Hash;

use bytes::Bytes;

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::strings::{attribute_strings, strings};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    matches!(op, OpType::TfIdfVectorizer).then_some(tfidf as Kernel)
}

/// N-grams as a tree: each edge is one word.
struct Tree<K> {
    edges: HashMap<(usize, K), usize>,
    /// For each place in the tree the column where an n-gram that ends there is counted.
    columns: Vec<Option<usize>>,
}

impl<K: Hash + Eq + Clone> Tree<K> {
    fn insert(&mut self, gram: &[K], column: usize) {
        let mut place = 0;
        for word in gram {
            let next = self.columns.len();
            place = *self.edges.entry((place, word.clone())).or_insert(next);
            if place == next {
                self.columns.push(None);
            }
        }
        self.columns[place] = Some(column);
    }
}

/// How long n-grams are, and how many words they may skip between two.
struct Window {
    shortest: usize,
    longest: usize,
    most_skipped: usize,
}

fn tfidf(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let counts = if array.dtype() == DType::String {
        let pool = attribute_strings(call, "pool_strings").unwrap_or_default();
        counts::<Bytes>(call, &array, strings(call, &array)?, pool)?
    } else {
        let items = array.to_i64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
        counts(call, &array, &items, call.ints("pool_int64s").unwrap_or_default())?
    };
    let columns = counts.dims().last().copied().unwrap_or(0);
    let weights = call.floats("weights").unwrap_or_default();
    let mut by_column = vec![1.0; columns];
    for (&column, &weight) in call.ints("ngram_indexes").unwrap_or_default().iter().zip(weights) {
        if let Some(slot) = usize::try_from(column).ok().and_then(|column| by_column.get_mut(column)) {
            *slot = weight;
        }
    }
    let mode = call.str("mode").unwrap_or("TF");
    let scored = counts.items::<f32>().unwrap_or_default().iter().enumerate().map(|(at, &count)| match mode {
        "IDF" if count > 0.0 => by_column[at % columns],
        "TFIDF" => count * by_column[at % columns],
        _ => count,
    });
    if !["TF", "IDF", "TFIDF"].contains(&mode) {
        return Err(call.misfit(format!("mode '{mode}', expected TF, IDF or TFIDF")));
    }
    let scored = Array::new::<f32>(counts.dims().to_vec(), scored.collect());
    let scored = scored.ok_or_else(|| call.misfit("scores of that shape"))?;
    call.give(0, scored);
    Ok(())
}

/// How often each n-gram of the pool occurs in each row.
fn counts<K: Hash + Eq + Clone>(call: &Call<'_, '_>, array: &Array, items: &[K], pool: &[K]) -> Result<Array> {
    let length = |name: &str| {
        let length = call.int(name).and_then(|length| usize::try_from(length).ok());
        length.ok_or_else(|| call.misfit(format!("{name} is left out or negative")))
    };
    let window = Window {
        shortest: length("min_gram_length")?.max(1),
        longest: length("max_gram_length")?,
        most_skipped: length("max_skip_count")?,
    };
    let list = |name: &str| -> Result<Vec<usize>> {
        let numbers = call.ints(name).unwrap_or_default().iter().map(|&number| usize::try_from(number).ok());
        numbers.collect::<Option<_>>().ok_or_else(|| call.misfit(format!("{name} has a negative entry")))
    };
    let (starts, columns) = (list("ngram_counts")?, list("ngram_indexes")?);
    let width = columns.iter().max().map_or(0, |most| most.saturating_add(1));
    let tree = tree(&window, &starts, &columns, pool).ok_or_else(|| call.misfit("n-grams that do not fit the pool"))?;
    let (rows, row_length) = match *array.dims() {
        [] => (1, 1),
        [length] => (1, length),
        [rows, length] => (rows, length),
        _ => return Err(call.misfit(format!("a tensor of rank {}, expected 1 or 2", array.rank()))),
    };
    let dims = if array.rank() == 2 { vec![rows, width] } else { vec![width] };
    let mut counts = vec![0_f32; call.room(DType::Float32, &dims)?];
    for row in 0..rows {
        let words = &items[row * row_length..(row + 1) * row_length];
        count(call, &tree, &window, words, &mut counts[row * width..(row + 1) * width])?;
    }
    Array::new(dims, counts).ok_or_else(|| call.misfit("counts of that shape"))
}

/// The tree of the pool, in which n-grams of each length follow each other from `starts` on.
fn tree<K: Hash + Eq + Clone>(window: &Window, starts: &[usize], columns: &[usize], pool: &[K]) -> Option<Tree<K>> {
    let mut tree = Tree { edges: HashMap::new(), columns: vec![None] };
    let mut columns = columns.iter();
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(pool.len());
        let length = index + 1;
        for gram in pool.get(start..end)?.chunks_exact(length) {
            let column = *columns.next()?;
            if (window.shortest..=window.longest).contains(&length) {
                tree.insert(gram, column);
            }
        }
    }
    Some(tree)
}

fn count<K: Hash + Eq + Clone>(
    call: &Call<'_, '_>,
    tree: &Tree<K>,
    window: &Window,
    words: &[K],
    counts: &mut [f32],
) -> Result<()> {
    let furthest = window.most_skipped.saturating_add(1).min(words.len().max(1));
    for step in 1..=furthest {
        call.cx.tick("evaluate", step as u64, furthest as u64)?;
        // single words skip nothing: they count once
        let shortest = if step == 1 { window.shortest } else { window.shortest.max(2) };
        if shortest > window.longest {
            break;
        }
        for start in 0..words.len() {
            let mut place = 0;
            for (index, word) in words[start..].iter().step_by(step).take(window.longest).enumerate() {
                match tree.edges.get(&(place, word.clone())) {
                    Some(&next) => place = next,
                    None => break,
                }
                if let Some(column) = tree.columns[place].filter(|_| index + 1 >= shortest) {
                    counts[column] += 1.0;
                }
            }
        }
    }
    Ok(())
}
