//! What an expression may come to, as far as that is known without rendering.

use std::rc::Rc;

/// Texts that one expression is followed to; with more, it counts as built.
const TEXTS: usize = 16;

/// Letters of one text that are followed.
const LETTERS: usize = 4096;

/// Items of one list that are followed.
const ITEMS: usize = 1024;

/// Values inside of one value that are followed: a list of lists of lists, each of which is the same, takes few letters.
const WEIGHT: u64 = 4096;

/// Everything that a value may be; several can hold at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Value {
    /// One of these texts.
    pub(super) texts: Vec<Rc<str>>,
    /// This number.
    pub(super) integer: Option<i64>,
    /// A list of these.
    pub(super) items: Option<Rc<Vec<Value>>>,
    /// A dictionary of these.
    pub(super) pairs: Option<Rc<Vec<(Value, Value)>>>,
    /// A function or an object that the host or the template has under this name.
    pub(super) function: Option<Rc<str>>,
    /// A text that was put together, and not all of its pieces are known.
    pub(super) built: bool,
    /// What the host supplies: messages and what is in them.
    pub(super) host: bool,
    /// Values in it, those of shared parts counted each time.
    pub(super) weight: u64,
}

impl Value {
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        let text = text.into();
        if text.len() > LETTERS { Self::built() } else { Self { texts: vec![text], ..Self::default() } }
    }

    pub(super) fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        let mut value = Self::default();
        for text in texts {
            value = value.or(&Self::text(text));
        }
        value
    }

    pub(super) fn integer(number: i64) -> Self {
        Self { integer: Some(number), ..Self::default() }
    }

    pub(super) fn built() -> Self {
        Self { built: true, ..Self::default() }
    }

    pub(super) fn host() -> Self {
        Self { host: true, ..Self::default() }
    }

    pub(super) fn function(name: &str) -> Self {
        Self { function: Some(name.into()), ..Self::default() }
    }

    pub(super) fn list(mut items: Vec<Self>) -> Self {
        items.truncate(ITEMS);
        let weight = items.iter().fold(1, |sum: u64, item| sum.saturating_add(item.weight).saturating_add(1));
        if weight > WEIGHT {
            return Self { built: true, ..Self::host() };
        }
        Self { items: Some(Rc::new(items)), weight, ..Self::default() }
    }

    pub(super) fn dict(mut pairs: Vec<(Self, Self)>) -> Self {
        pairs.truncate(ITEMS);
        let weights = pairs.iter().map(|(key, value)| key.weight.saturating_add(value.weight).saturating_add(2));
        let weight = weights.fold(1, u64::saturating_add);
        if weight > WEIGHT {
            return Self { built: true, ..Self::host() };
        }
        Self { pairs: Some(Rc::new(pairs)), weight, ..Self::default() }
    }

    /// What it takes to keep and to compare it.
    pub(super) fn cost(&self) -> u64 {
        self.texts.iter().fold(self.weight, |sum, text| sum.saturating_add(text.len() as u64)).saturating_add(1)
    }

    /// One or the other.
    #[must_use]
    pub(super) fn or(&self, other: &Self) -> Self {
        let mut value = self.clone();
        for text in &other.texts {
            if !value.texts.contains(text) {
                if value.texts.len() >= TEXTS {
                    value.built = true;
                    break;
                }
                value.texts.push(Rc::clone(text));
            }
        }
        value.integer = value.integer.or(other.integer);
        if value.items != other.items || value.pairs != other.pairs {
            let items = match (&value.items, &other.items) {
                (Some(a), Some(b)) => Some(Self::list(a.iter().chain(b.iter()).cloned().collect())),
                _ => None,
            };
            let pairs = match (&value.pairs, &other.pairs) {
                (Some(a), Some(b)) => Some(Self::dict(a.iter().chain(b.iter()).cloned().collect())),
                _ => None,
            };
            for merged in [&items, &pairs].into_iter().flatten() {
                value.built |= merged.built;
                value.host |= merged.host;
            }
            value.items = items.map_or_else(|| value.items.or_else(|| other.items.clone()), |merged| merged.items);
            value.pairs = pairs.map_or_else(|| value.pairs.or_else(|| other.pairs.clone()), |merged| merged.pairs);
            value.weight = value.weight.saturating_add(other.weight);
        }
        value.function = value.function.or_else(|| other.function.clone());
        value.built |= other.built;
        value.host |= other.host;
        value
    }

    /// True if all that it may be is known.
    pub(super) fn is_known(&self) -> bool {
        !self.built && !self.host && self.function.is_none()
    }

    /// True if it has to do with text that the template itself wrote.
    pub(super) fn is_text(&self) -> bool {
        self.built || !self.texts.is_empty()
    }

    /// What it reads as when it is put into a text; None if that is not known.
    pub(super) fn spelt(&self) -> Option<Vec<String>> {
        if !self.is_known() || self.items.is_some() || self.pairs.is_some() {
            return None;
        }
        let mut texts: Vec<String> = self.texts.iter().map(ToString::to_string).collect();
        texts.extend(self.integer.map(|number| number.to_string()));
        Some(texts).filter(|texts| !texts.is_empty())
    }

    /// Pieces put together.
    pub(super) fn concat<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut texts = vec![String::new()];
        for part in parts {
            let Some(pieces) = part.spelt() else { return Self::built() };
            let longer = texts.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}")));
            let longer: Vec<_> = longer.take(TEXTS.saturating_add(1)).collect();
            if longer.len() > TEXTS || longer.iter().any(|text| text.len() > LETTERS) {
                return Self::built();
            }
            texts = longer;
        }
        Self::texts(texts)
    }

    /// Every text changed.
    pub(super) fn each(&self, change: impl Fn(&str) -> String) -> Self {
        let mut value = Self::texts(self.texts.iter().map(|text| change(text)));
        value.built |= self.built;
        value.host |= self.host;
        value
    }

    /// What iteration goes over: items, keys, letters.
    pub(super) fn members(&self) -> Option<Vec<Self>> {
        if let Some(items) = &self.items {
            return Some(items.to_vec());
        }
        if let Some(pairs) = &self.pairs {
            return Some(pairs.iter().map(|(key, _)| key.clone()).collect());
        }
        match self.texts.as_slice() {
            [text] => Some(text.chars().take(ITEMS).map(|c| Self::text(c.to_string())).collect()),
            _ => None,
        }
    }

    /// Any of what iteration goes over.
    pub(super) fn any_member(&self) -> Self {
        let mut value = Self { built: self.built, host: self.host || self.function.is_some(), ..Self::default() };
        for member in self.members().unwrap_or_default() {
            value = value.or(&member);
        }
        value
    }

    /// The member under a key.
    pub(super) fn member(&self, key: &Self) -> Self {
        let mut value = Self { built: self.built, host: self.host || self.function.is_some(), ..Self::default() };
        if let Some(pairs) = &self.pairs {
            for (name, member) in pairs.iter() {
                if !key.is_known() || name.texts.iter().any(|name| key.texts.contains(name)) || name == key {
                    value = value.or(member);
                }
            }
        }
        if self.items.is_some() || !self.texts.is_empty() {
            let members = self.members();
            match (key.integer.filter(|_| key.is_known()), members) {
                (Some(at), Some(members)) => {
                    let length = i64::try_from(members.len()).unwrap_or(i64::MAX);
                    let at = if at < 0 { at.saturating_add(length) } else { at };
                    let member = usize::try_from(at).ok().and_then(|at| members.get(at));
                    value = member.map_or(value.clone(), |member| value.or(member));
                }
                (None, Some(_)) if self.items.is_some() => value = value.or(&self.any_member()),
                _ => value.built |= !self.texts.is_empty(),
            }
        }
        value
    }

    /// Part of a text or a list, as Python slices.
    pub(super) fn slice(&self, [from, to, by]: [Option<i64>; 3]) -> Self {
        let cut = |length: usize| -> Vec<usize> {
            let length = i64::try_from(length).unwrap_or(i64::MAX);
            let step = by.unwrap_or(1);
            if step == 0 {
                return Vec::new();
            }
            let (least, most) = if step > 0 { (0, length) } else { (-1, length.saturating_sub(1)) };
            let place = |at: i64| if at < 0 { at.saturating_add(length) } else { at }.clamp(least, most);
            let first = from.map_or(if step > 0 { least } else { most }, place);
            let end = to.map_or(if step > 0 { most } else { least }, place);
            let mut places = Vec::new();
            let mut at = first;
            while if step > 0 { at < end } else { at > end } {
                places.extend(usize::try_from(at));
                at = at.saturating_add(step);
            }
            places
        };
        let mut value = self.each(|text| {
            let letters: Vec<char> = text.chars().collect();
            cut(letters.len()).into_iter().filter_map(|at| letters.get(at)).collect()
        });
        if let Some(items) = &self.items {
            let items = cut(items.len()).into_iter().filter_map(|at| items.get(at).cloned()).collect();
            value.items = Some(Rc::new(items));
            value.weight = self.weight;
        }
        value
    }

    /// Text with `%s`, `%c`, `%d`, `%x` filled in.
    pub(super) fn percent(&self, arguments: &Self) -> Self {
        let arguments = match &arguments.items {
            Some(items) => items.to_vec(),
            None => vec![arguments.clone()],
        };
        let mut texts = Vec::new();
        for format in &self.texts {
            let (mut out, mut next, mut letters) = (Self::text(""), arguments.iter(), format.chars());
            while let Some(c) = letters.next() {
                let piece = match c {
                    '%' => match letters.find(|c| !(c.is_ascii_digit() || "-+ #0.".contains(*c))) {
                        Some('%') => Self::text("%"),
                        Some('c') => character(next.next()),
                        Some('s' | 'd' | 'i' | 'u') => next.next().cloned().unwrap_or_default(),
                        _ => Self::built(),
                    },
                    c => Self::text(c.to_string()),
                };
                out = Self::concat([&out, &piece]);
                if out.built {
                    return Self::built();
                }
            }
            texts.push(out);
        }
        let any = texts.iter().fold(Self::default(), |any, text| any.or(text));
        Self { built: any.built || self.built || self.host, ..any }
    }

    /// Text with `{}`, `{0}`, `{name}` filled in, `{:c}` included.
    pub(super) fn braces(&self, plain: &[Self], named: &[(String, Self)]) -> Self {
        let mut all = Self { built: self.built, ..Self::default() };
        for format in &self.texts {
            let (mut out, mut rest, mut auto) = (Self::text(""), &**format, 0_usize);
            while let Some(open) = rest.find(['{', '}']) {
                let before = rest.get(..open).unwrap_or_default();
                let field = rest.get(open..).unwrap_or_default();
                out = Self::concat([&out, &Self::text(before)]);
                if field.starts_with("{{") || field.starts_with("}}") {
                    out = Self::concat([&out, &Self::text(field.get(..1).unwrap_or_default())]);
                    rest = field.get(2..).unwrap_or_default();
                    continue;
                }
                let Some(close) = field.find('}') else { return Self::built() };
                let (name, spec) = {
                    let inner = field.get(1..close).unwrap_or_default();
                    inner.split_once(':').unwrap_or((inner, ""))
                };
                let value = if name.is_empty() {
                    auto = auto.saturating_add(1);
                    plain.get(auto.saturating_sub(1))
                } else if let Ok(index) = name.parse::<usize>() {
                    plain.get(index)
                } else {
                    named.iter().find(|(known, _)| known == name).map(|(_, value)| value)
                };
                let piece = if spec == "c" { character(value) } else { value.cloned().unwrap_or(Self::built()) };
                out = Self::concat([&out, &piece]);
                rest = field.get(close.saturating_add(1)..).unwrap_or_default();
                if out.built {
                    return Self::built();
                }
            }
            out = Self::concat([&out, &Self::text(rest)]);
            all = all.or(&out);
        }
        all
    }
}

fn character(code: Option<&Value>) -> Value {
    let Some(value) = code else { return Value::built() };
    let code = value.integer.and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
    match (code, value.texts.is_empty()) {
        (Some(c), _) => Value::text(c.to_string()),
        (None, false) => value.clone(),
        _ => Value::built(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &Value) -> &str {
        assert!(value.is_known() && value.texts.len() == 1, "{value:?}");
        &value.texts[0]
    }

    #[test]
    fn texts_are_cut_as_python_cuts_them() {
        let text = Value::text("__ssalc__");
        assert_eq!(one(&text.slice([None, None, Some(-1)])), "__class__");
        assert_eq!(one(&text.slice([Some(2), Some(-2), None])), "ssalc");
        assert_eq!(one(&text.slice([Some(-2), None, None])), "__");
        assert_eq!(one(&text.member(&Value::integer(-1))), "_");
    }

    #[test]
    fn texts_are_filled_in_as_python_fills_them() {
        let list = Value::list(vec![Value::integer(95), Value::text("x")]);
        assert_eq!(one(&Value::text("%c%s%%").percent(&list)), "_x%");
        let named = [("a".to_owned(), Value::text("ss"))];
        assert_eq!(one(&Value::text("{:c}{{{a}").braces(&[Value::integer(95)], &named)), "_{ss");
        assert!(Value::text("{}").braces(&[Value::host()], &[]).built);
    }
}
