//! Whether a known callable is harmless with the arguments that a pickle gives it.

use crate::scan::callables::{self, Shape};
use crate::scan::pickle::fold::Folded;
use crate::scan::pickle::judge::{BASES, Judge, MOST_ELEMENTS, PLAIN_TYPES, VALUES};
use crate::scan::rules::pickle as rules;
use crate::wire::pickle::{CallKind, Value, ValueId, ndarray};

impl Judge<'_> {
    /// True if the known callable is harmless with these arguments. What is wrong inside is charged here.
    #[expect(clippy::too_many_lines, reason = "one row for each shape")]
    pub(super) fn fits(
        &mut self,
        byte: u64,
        id: ValueId,
        path: &str,
        shape: Shape,
        kind: CallKind,
        items: &[ValueId],
    ) -> bool {
        let first = items.first().copied();
        match shape {
            Shape::Any | Shape::Data | Shape::Callable => true,
            Shape::Literal => items.iter().all(|item| self.stands_as_it_is(*item)),
            Shape::Factory => items.iter().skip(1).all(|item| self.stands_as_it_is(*item)),
            Shape::Made => items.is_empty() && self.trace.call(id).is_none_or(|call| call.kwargs.is_none()),
            Shape::Fileless => match items {
                [] => true,
                [file, ..] => matches!(self.trace.value(*file), Value::None),
            },
            Shape::Generator => items.iter().all(|item| self.is_generator(*item)),
            Shape::Reference => !kind.calls(),
            Shape::TypeOf => items.len() == 1 && kind == CallKind::Reduce,
            Shape::TypeName => {
                let name = first.and_then(|name| self.folder.text(name)).unwrap_or_default();
                PLAIN_TYPES.contains(&name.as_str())
            }
            Shape::Size => {
                if !items.iter().all(|item| self.stands_as_it_is(*item)) {
                    return false;
                }
                let most = items.iter().filter_map(|item| self.trace.int(*item)).max().unwrap_or(0);
                if most > MOST_ELEMENTS && path != "builtins.range" {
                    let message = format!("asks for {most} bytes");
                    self.charge(&rules::EXHAUSTS, byte, message, id);
                }
                true
            }
            Shape::Encode => match items.get(1) {
                None => true,
                Some(codec) => {
                    let codec = self.folder.text(*codec).unwrap_or_default().replace(['-', '_'], "").to_lowercase();
                    matches!(codec.as_str(), "latin1" | "iso88591" | "ascii" | "utf8" | "utf16" | "utf32")
                }
            },
            Shape::Getattr => self.getattr(byte, id, items),
            Shape::Class => {
                if path.ends_with("._reconstruct") {
                    self.shape(byte, id, items);
                }
                self.class_argument(byte, id, items)
            }
            Shape::Reconstructor => {
                let base = items.get(1).and_then(|base| self.folder.path(*base)).unwrap_or_default();
                BASES.contains(&base.as_str()) && self.class_argument(byte, id, items)
            }
            Shape::Index => {
                let class = first.and_then(|class| self.folder.path(class)).unwrap_or_default();
                class.starts_with("pandas.") && class.ends_with("Index") && callables::act(&class).is_none()
            }
            Shape::NewObject => {
                let class = first.and_then(|class| self.folder.path(class));
                let Some(class) = class else { return false };
                let args = items.get(1..).unwrap_or_default().to_vec();
                self.made(byte, id, &class, &args, true);
                true
            }
            Shape::Ufunc => {
                let library = first.and_then(|library| self.folder.text(library)).unwrap_or_default();
                let name = items.get(1).and_then(|name| self.folder.text(*name)).unwrap_or_default();
                let numeric = matches!(library.split('.').next(), Some("numpy" | "scipy"));
                let path = callables::path(&library, &name);
                let plain = !name.is_empty() && !name.contains('.') && !name.starts_with("__");
                numeric && plain && callables::act(&path).is_none()
            }
            Shape::Buffer => match items.get(1).and_then(|dtype| ndarray::element(self.trace, *dtype)) {
                Some(element) if element.objects => {
                    let message = "takes bytes for pointers to objects".to_owned();
                    self.charge(&rules::CORRUPTS_MEMORY, byte, message, id);
                    true
                }
                found => found.is_some(),
            },
            Shape::Tensor => {
                // a storage, an offset, a shape, strides
                let number = |id: &ValueId| self.trace.int(*id);
                let offset = items.get(1).and_then(number);
                let sizes = items.iter().skip(2).take(2).filter_map(|sizes| self.trace.items(*sizes)).flatten();
                if offset.into_iter().chain(sizes.filter_map(number)).any(i64::is_negative) {
                    let message = "asks for a tensor with a negative place or size".to_owned();
                    self.charge(&rules::CORRUPTS_MEMORY, byte, message, id);
                }
                first.is_some_and(|storage| match self.trace.value(storage) {
                    Value::Persistent(_) => true,
                    Value::Call(_) => self.folder.fold(storage).is_none_or(|folded| !matches!(folded, Folded::Path(_))),
                    _ => false,
                })
            }
            Shape::Apply => {
                let function = first.and_then(|function| self.folder.path(function));
                match (function, items.get(2)) {
                    (Some(function), Some(args)) if callables::known(&function) != Some(Shape::Apply) => {
                        self.call_path(byte, id, &function, CallKind::Reduce, *args);
                        true
                    }
                    _ => false,
                }
            }
            Shape::TorchFile => {
                self.nest(byte, path, items);
                first.is_some_and(|bytes| self.folder.bytes(bytes).is_some())
            }
        }
    }

    /// An object of a class is made, without a call of the class.
    /// `args_are_its_own` if its `__new__` gets the arguments, and not only the function that makes it.
    pub(super) fn made(&mut self, byte: u64, id: ValueId, class: &str, args: &[ValueId], args_are_its_own: bool) {
        let kind = CallKind::NewObj;
        let filled = self.trace.call(id).is_some_and(|call| call.kwargs.is_some()) || !args.is_empty();
        match callables::known(class) {
            Some(Shape::Made) if filled && args_are_its_own => {
                self.unknown(byte, id, &format!("makes an object of '{class}' with arguments that no writer gives"));
                return;
            }
            Some(Shape::Reference) | None => {}
            Some(_) => return,
        }
        if let Some(act) = callables::act(class) {
            let rule = if act.endangers() { &rules::CALLS_DANGER } else { &rules::CALLS_READER };
            self.charge(rule, byte, format!("makes an object of '{class}', which {}", act.verb()), id);
        } else if !self.harmless_class(class, kind, args) {
            self.unknown(byte, id, &format!("makes an object of '{class}', which is not known"));
        }
    }

    /// True for a value of the file itself, or one that Python's own types have made: walking through it calls nothing.
    pub(super) fn stands_as_it_is(&mut self, id: ValueId) -> bool {
        match self.trace.value(id) {
            Value::Global { .. } | Value::Persistent(_) | Value::Extension(_) | Value::Buffer => false,
            Value::Call(_) => {
                let callee = self.trace.call(id).map(|call| call.callee);
                let path = callee.and_then(|callee| self.folder.path(callee)).unwrap_or_default();
                VALUES.contains(&path.as_str())
            }
            _ => true,
        }
    }

    /// True for a generator of numpy, or its name.
    fn is_generator(&mut self, id: ValueId) -> bool {
        match self.trace.value(id) {
            Value::Str(_) | Value::None | Value::Int(_) => true,
            Value::Global { .. } => self.folder.path(id).is_some_and(|path| path.starts_with("numpy.random.")),
            Value::Call(_) => {
                let callee = self.trace.call(id).map(|call| call.callee);
                callee.and_then(|callee| self.folder.path(callee)).is_some_and(|path| path.starts_with("numpy.random."))
            }
            _ => false,
        }
    }

    /// The first argument must be a class that is harmless to make.
    pub(super) fn class_argument(&mut self, byte: u64, id: ValueId, items: &[ValueId]) -> bool {
        let class = items.first().and_then(|class| self.folder.path(*class));
        let Some(class) = class else { return false };
        self.made(byte, id, &class, items.get(1..).unwrap_or_default(), false);
        true
    }

    /// `numpy` makes an empty array first, and gives it its shape with its state.
    fn shape(&mut self, byte: u64, id: ValueId, items: &[ValueId]) {
        let dims = items.get(1).and_then(|shape| self.trace.items(*shape)).unwrap_or_default();
        let elements = dims.iter().try_fold(1_i64, |product, dim| product.checked_mul(self.trace.int(*dim)?));
        if elements.is_none_or(|elements| elements > MOST_ELEMENTS) {
            let message = "asks for an array whose elements are not in the file".to_owned();
            self.charge(&rules::EXHAUSTS, byte, message, id);
        }
    }

    /// Methods of objects, members of enumerations and nested classes are pickled as `getattr`.
    fn getattr(&mut self, byte: u64, id: ValueId, items: &[ValueId]) -> bool {
        let [owner, name, ..] = items else { return false };
        let Some(name) = self.folder.text(*name) else { return false };
        if let Some(path) = self.folder.path(id) {
            self.fetched(byte, id, &path);
            return true;
        }
        let plain = !name.starts_with("__");
        plain && matches!(self.trace.value(*owner), Value::Call(_) | Value::Raw(_))
    }
}
