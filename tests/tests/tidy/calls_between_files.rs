//! Method calls between the files of a crate make no cycle, just like imports.
//!
//! A struct whose methods are in thirty files that call each other is still one file. So each method call is an arrow
//! from the calling file to the file that defines the method, and the arrows must not make a cycle. Types come from the
//! source text: signatures, fields and return types. A call that can't be seen in this way, such as one through a
//! generic parameter, makes no arrow.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enums of syn grow, and most of their variants call nothing"
)]

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};

use crate::source::{Known, Source, TypeId, is_for_tests, names};
use crate::{FLOORS, files, report};

/// The arrows of a crate: the calling file, the called file, and the methods.
type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

#[test]
fn no_circle_of_calls_joins_the_files_of_a_crate() {
    let sources = files("rs");
    let mut faults = Vec::new();
    for (name, _) in FLOORS {
        let root = format!("crates/{name}/src/");
        let of_crate = sources
            .iter()
            .filter_map(|(path, text)| path.strip_prefix(&root).map(|path| (path, text.as_str())));
        let found = circles(&arrows(&Source::read(of_crate)));
        faults.extend(found.iter().map(|circle| format!("crates/{name}: {circle}")));
    }
    report(&faults);
}

/// Every call between two files of the crate.
fn arrows(source: &Source) -> Arrows {
    let mut arrows = Arrows::new();
    for (name, module) in &source.modules {
        let mut reader =
            Reader { source, module: name, own: None, locals: vec![BTreeMap::new()], called: &mut arrows };
        module.items.iter().for_each(|item| reader.visit_item(item));
    }
    arrows
}

/// Each cycle of files that call each other, as text.
fn circles(arrows: &Arrows) -> Vec<String> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = arrows
        .keys()
        .map(|from| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(file) = next.pop() {
                for to in arrows.get(file).into_iter().flat_map(BTreeMap::keys) {
                    if seen.insert(to) {
                        next.push(to);
                    }
                }
            }
            (from, seen)
        })
        .collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (from, seen) in &reached {
        if !seen.contains(from) || told.contains(from) {
            continue;
        }
        let is_in = |file: &&&String| reached.get(**file).is_some_and(|back| back.contains(from));
        let circle: BTreeSet<&String> = seen.iter().filter(is_in).copied().collect();
        let mut lines = vec![format!("{} files call each other", circle.len())];
        for file in &circle {
            for (to, methods) in arrows.get(*file).into_iter().flatten().filter(|(to, _)| circle.contains(to))
            {
                let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
                lines.push(format!("    {file} -> {to}: {}", methods.join(", ")));
            }
        }
        told.extend(circle);
        found.push(lines.join("\n"));
    }
    found
}

/// Reads one file and notes its calls.
struct Reader<'a> {
    source: &'a Source,
    module: &'a str,
    /// The type whose methods are read.
    own: Option<TypeId>,
    /// The known types of names, for each enclosing block.
    locals: Vec<BTreeMap<String, Known>>,
    called: &'a mut Arrows,
}

impl Reader<'_> {
    fn calls(&mut self, to: &str, what: &str) {
        if to != self.module {
            let of_file = self.called.entry(self.module.to_owned()).or_default();
            of_file.entry(to.to_owned()).or_default().insert(what.to_owned());
        }
    }

    fn knows(&mut self, name: &syn::Ident, known: Option<Known>) {
        let here = self.locals.last_mut().expect("there is always a block");
        match known {
            Some(known) => here.insert(name.to_string(), known),
            None => here.remove(&name.to_string()),
        };
    }

    fn local(&self, name: &str) -> Option<Known> {
        self.locals.iter().rev().find_map(|block| block.get(name)).cloned()
    }

    fn function(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let outer = std::mem::replace(&mut self.locals, vec![BTreeMap::new()]);
        for input in &signature.inputs {
            match input {
                syn::FnArg::Receiver(_) => {
                    let own = self.own.clone().map(|of| Known { of, wrapped: 0 });
                    self.knows(&syn::Ident::new("self", proc_macro2::Span::call_site()), own);
                }
                syn::FnArg::Typed(it) => {
                    let known = self.source.known(&it.ty, self.module, self.own.as_ref());
                    self.binds(&it.pat, known.as_ref());
                }
            }
        }
        self.visit_block(body);
        self.locals = outer;
    }

    /// Records the types of the names that a pattern binds.
    fn binds(&mut self, pattern: &syn::Pat, known: Option<&Known>) {
        match pattern {
            syn::Pat::Ident(it) => self.knows(&it.ident, known.cloned()),
            syn::Pat::Reference(it) => self.binds(&it.pat, known),
            syn::Pat::Paren(it) => self.binds(&it.pat, known),
            syn::Pat::Type(it) => {
                let declared = self.source.known(&it.ty, self.module, self.own.as_ref());
                self.binds(&it.pat, declared.as_ref());
            }
            syn::Pat::TupleStruct(it) => {
                // Patterns such as `Some(x)` and `Ok(x)` remove one wrapper.
                let inner = known.filter(|known| known.wrapped > 0 && it.elems.len() == 1);
                let inner = inner.map(|known| Known { wrapped: known.wrapped - 1, ..known.clone() });
                it.elems.iter().for_each(|one| self.binds(one, inner.as_ref()));
            }
            syn::Pat::Struct(it) => {
                for field in &it.fields {
                    let inner = match (&field.member, known) {
                        (syn::Member::Named(name), Some(known)) if known.wrapped == 0 => {
                            self.source.field(&known.of, &name.to_string())
                        }
                        (syn::Member::Named(_) | syn::Member::Unnamed(_), _) => None,
                    };
                    self.binds(&field.pat, inner.as_ref());
                }
            }
            syn::Pat::Tuple(it) => it.elems.iter().for_each(|one| self.binds(one, None)),
            syn::Pat::Or(it) => it.cases.iter().for_each(|one| self.binds(one, known)),
            _ => {}
        }
    }

    /// The type of an expression, if it is known.
    fn value(&self, expression: &syn::Expr) -> Option<Known> {
        match expression {
            syn::Expr::Path(it) => self.local(&it.path.get_ident()?.to_string()),
            syn::Expr::Reference(it) => self.value(&it.expr),
            syn::Expr::Paren(it) => self.value(&it.expr),
            syn::Expr::Unary(it) => self.value(&it.expr),
            syn::Expr::Try(it) => self.value(&it.expr).map(unwrapped),
            syn::Expr::Index(it) => self.value(&it.expr).map(unwrapped),
            syn::Expr::Field(it) => {
                let of = self.value(&it.base).filter(|known| known.wrapped == 0)?;
                let name = match &it.member {
                    syn::Member::Named(name) => name.to_string(),
                    syn::Member::Unnamed(place) => place.index.to_string(),
                };
                self.source.field(&of.of, &name)
            }
            syn::Expr::Struct(it) => {
                let of = self.type_of(&names(&it.path))?;
                Some(Known { of, wrapped: 0 })
            }
            syn::Expr::Call(it) => match &*it.func {
                syn::Expr::Path(path) => {
                    let names = names(&path.path);
                    let (method, of) = names.split_last()?;
                    self.source.given_back(&self.type_of(of)?, method)
                }
                _ => None,
            },
            syn::Expr::MethodCall(it) => {
                let of = self.value(&it.receiver)?;
                let name = it.method.to_string();
                match name.as_str() {
                    "clone" | "borrow" | "borrow_mut" | "as_ref" | "as_mut" | "iter" | "iter_mut" => Some(of),
                    "expect" | "unwrap" | "unwrap_or_default" if of.wrapped > 0 => Some(unwrapped(of)),
                    _ if of.wrapped == 0 => self.source.given_back(&of.of, &name),
                    "get" | "get_mut" | "first" | "last" | "first_mut" | "last_mut" | "values"
                    | "values_mut" | "take" | "filter" | "find" | "next" | "rev" | "skip" | "copied"
                    | "cloned" | "remove" | "pop" | "pop_front" | "pop_back" | "into_iter" | "ok"
                    | "peek" => Some(of),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn type_of(&self, path: &[String]) -> Option<TypeId> {
        match path {
            [only] if only == "Self" => self.own.clone(),
            [] => None,
            _ => self.source.type_named(path, self.module),
        }
    }

    fn within(&mut self, pattern: &syn::Pat, known: Option<&Known>, read: impl FnOnce(&mut Self)) {
        self.locals.push(BTreeMap::new());
        self.binds(pattern, known);
        read(self);
        self.locals.pop();
    }
}

fn unwrapped(known: Known) -> Known {
    Known { wrapped: known.wrapped.saturating_sub(1), ..known }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        let known = self.source.known(&item.self_ty, self.module, None);
        let of = known.filter(|known| known.wrapped == 0).map(|known| known.of);
        let outer = std::mem::replace(&mut self.own, of);
        visit::visit_item_impl(self, item);
        self.own = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            self.function(&item.sig, &item.block);
        }
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            self.function(&item.sig, &item.block);
        }
    }

    fn visit_block(&mut self, block: &'a syn::Block) {
        self.locals.push(BTreeMap::new());
        visit::visit_block(self, block);
        self.locals.pop();
    }

    fn visit_local(&mut self, local: &'a syn::Local) {
        visit::visit_local(self, local);
        let known = local.init.as_ref().and_then(|init| self.value(&init.expr));
        self.binds(&local.pat, known.as_ref());
    }

    fn visit_expr_let(&mut self, it: &'a syn::ExprLet) {
        visit::visit_expr_let(self, it);
        let known = self.value(&it.expr);
        self.binds(&it.pat, known.as_ref());
    }

    fn visit_expr_for_loop(&mut self, it: &'a syn::ExprForLoop) {
        self.visit_expr(&it.expr);
        let known = self.value(&it.expr).map(unwrapped);
        self.within(&it.pat, known.as_ref(), |reader| reader.visit_block(&it.body));
    }

    fn visit_expr_match(&mut self, it: &'a syn::ExprMatch) {
        self.visit_expr(&it.expr);
        let known = self.value(&it.expr);
        for arm in &it.arms {
            self.within(&arm.pat, known.as_ref(), |reader| visit::visit_arm(reader, arm));
        }
    }

    fn visit_expr_method_call(&mut self, it: &'a syn::ExprMethodCall) {
        self.visit_expr(&it.receiver);
        let of = self.value(&it.receiver);
        if let Some(of) = of.as_ref().filter(|of| of.wrapped == 0)
            && let Some(to) = self.source.method(&of.of, &it.method.to_string())
        {
            let to = to.to_owned();
            self.calls(&to, &it.method.to_string());
        }
        for argument in &it.args {
            match argument {
                // `things.iter().all(|thing| ...)`
                syn::Expr::Closure(closure) if closure.inputs.len() == 1 => {
                    let known = of.clone().filter(|of| of.wrapped > 0).map(unwrapped);
                    self.within(&closure.inputs[0], known.as_ref(), |reader| {
                        reader.visit_expr(&closure.body)
                    });
                }
                other => self.visit_expr(other),
            }
        }
    }

    fn visit_expr_path(&mut self, it: &'a syn::ExprPath) {
        let names = names(&it.path);
        let Some((last, before)) = names.split_last() else { return };
        let to = match self.type_of(before) {
            Some(of) => self.source.method(&of, last),
            None if self.local(last).is_none() => self.source.function(&names, self.module),
            None => None,
        };
        if let Some(to) = to.map(str::to_owned) {
            self.calls(&to, last);
        }
    }

    fn visit_macro(&mut self, it: &'a syn::Macro) {
        // Such as `assert!(self.holds(), "...")`; macro arguments that are not expressions are skipped.
        let parse = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let first = |input: syn::parse::ParseStream<'_>| {
            let first = input.parse::<syn::Expr>()?;
            input.parse::<proc_macro2::TokenStream>()?;
            Ok(first)
        };
        let all = it.parse_body_with(parse).map(|all| all.into_iter().collect());
        let all: Vec<syn::Expr> =
            all.or_else(|_| it.parse_body_with(first).map(|first| vec![first])).unwrap_or_default();
        for expression in all {
            // A separate reader, because the parsed expressions live only in this block.
            Reader {
                source: self.source,
                module: self.module,
                own: self.own.clone(),
                locals: self.locals.clone(),
                called: self.called,
            }
            .visit_expr(&expression);
        }
    }
}

#[test]
fn a_circle_is_seen_whatever_way_a_method_is_called() {
    let found = |of_high: &str, of_low: &str| {
        let high = format!("use crate::low::Low;\npub struct High {{ low: Low, rows: Vec<Low> }}\n{of_high}");
        let low = format!("use crate::high::High;\npub struct Low {{ count: u32 }}\n{of_low}");
        circles(&arrows(&Source::read([("high.rs", high.as_str()), ("low.rs", low.as_str())])))
    };
    let down = "impl High { pub fn go(&mut self) { self.low.rest() } pub fn count(&self) -> u32 { 0 } }";
    let rest = "impl Low { pub fn rest(&self) {} pub fn new() -> Self { Low { count: 0 } } }";
    assert_eq!(found(down, rest), [""; 0]);
    for up in [
        "impl Low { pub fn rest(&self) {} fn up(high: &mut High) { high.go() } }",
        "impl Low { pub fn rest(&self) {} fn up(count: u32, high: &High) { assert!(high.count() == count) } }",
        "impl Low { pub fn rest(&self) {} fn up(all: &[High]) { for one in all { one.count(); } } }",
        "impl Low { pub fn rest(&self) {} fn up(all: &[High]) { all.iter().map(|one| one.count()).sum() } }",
        "impl Low { pub fn rest(&self) {} }\nfn up() -> Option<fn(&High) -> u32> { Some(High::count) }",
        "impl Low { pub fn rest(&self) {} }\nimpl High { pub fn up(&mut self) { self.go() } }",
    ] {
        assert_eq!(found(down, up).len(), 1, "{up}");
    }
    for down in [
        "impl High { pub fn go(&mut self) { let low = Low::new(); } pub fn count(&self) -> u32 { 0 } }",
        "impl High { pub fn go(&mut self) { if let Some(low) = self.rows.first() { low.rest() } } }",
    ] {
        let up = "impl Low { pub fn rest(&self) {} pub fn new() -> Self { todo } fn up(high: &mut High) { high.go() } }";
        assert_eq!(found(down, up).len(), 1, "{down}");
    }
    let of_tests = "#[cfg(test)]\nmod tests { impl Low { fn up(high: &mut High) { high.go() } } }";
    assert_eq!(found(down, &format!("{rest}\n{of_tests}")), [""; 0]);
}
