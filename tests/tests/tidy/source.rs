//! The sources of one crate, parsed: its modules, the types they define, and which file defines which method.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enums of syn grow, and most of their variants call nothing"
)]

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

/// A type of the crate: the module that defines it and its name.
pub(crate) type TypeId = (String, String);

/// One file of the crate.
#[derive(Default)]
pub(crate) struct Module {
    /// Its parsed items, without those for tests.
    pub(crate) items: Vec<syn::Item>,
    /// Its imports: the name in this file and the full path.
    imports: BTreeMap<String, Vec<String>>,
}

/// The types, functions, fields and methods of one crate.
#[derive(Default)]
pub(crate) struct Source {
    /// The files, by their module paths, such as `net::tls`.
    pub(crate) modules: BTreeMap<String, Module>,
    /// For each type name, the modules that define such a type.
    types: BTreeMap<String, BTreeSet<String>>,
    /// For each name of a free function, the modules that define one.
    functions: BTreeMap<String, BTreeSet<String>>,
    fields: BTreeMap<(TypeId, String), (String, syn::Type)>,
    methods: BTreeMap<(TypeId, String), (String, Option<syn::Type>)>,
}

/// The known type of a value: a type of the crate, and the number of wrappers (`Option`, `Vec` and so on) around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) of: TypeId,
    pub(crate) wrapped: usize,
}

/// Wrappers that dereference to their content, so that its methods can be called directly.
const SEEN_THROUGH: [&str; 5] = ["Box", "Arc", "Rc", "Ref", "RefMut"];

impl Source {
    /// Reads a crate from its files, given as pairs of a path below `src` and a text.
    pub(crate) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut source = Self::default();
        let mut of_tests = BTreeSet::new();
        for (path, text) in files {
            let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            let name = path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            let mut module = Module::default();
            module.take(parsed.items, &name, &mut of_tests);
            source.modules.insert(name, module);
        }
        let is_of_tests =
            |name: &str| of_tests.iter().any(|one| name == one || name.starts_with(&format!("{one}::")));
        source.modules.retain(|name, _| !is_of_tests(name) && !name.ends_with("tests"));
        source.note_definitions();
        source.note_methods();
        source
    }

    fn note_definitions(&mut self) {
        for (name, module) in &self.modules {
            for item in &module.items {
                let (table, defined) = match item {
                    syn::Item::Struct(it) => (&mut self.types, it.ident.to_string()),
                    syn::Item::Enum(it) => (&mut self.types, it.ident.to_string()),
                    syn::Item::Trait(it) => (&mut self.types, it.ident.to_string()),
                    syn::Item::Fn(it) => (&mut self.functions, it.sig.ident.to_string()),
                    _ => continue,
                };
                table.entry(defined).or_default().insert(name.clone());
            }
        }
    }

    fn note_methods(&mut self) {
        let mut fields = BTreeMap::new();
        let mut methods = BTreeMap::new();
        for (name, module) in &self.modules {
            for item in &module.items {
                match item {
                    syn::Item::Struct(it) => {
                        let of = (name.clone(), it.ident.to_string());
                        for (place, field) in it.fields.iter().enumerate() {
                            let called =
                                field.ident.as_ref().map_or_else(|| place.to_string(), ToString::to_string);
                            fields.insert((of.clone(), called), (name.clone(), field.ty.clone()));
                        }
                    }
                    syn::Item::Impl(it) => {
                        let Some(of) = self.type_of_path(&it.self_ty, name) else { continue };
                        for one in &it.items {
                            if let syn::ImplItem::Fn(function) = one
                                && !is_for_tests(&function.attrs)
                            {
                                let key = (of.clone(), function.sig.ident.to_string());
                                methods.insert(key, (name.clone(), returned(&function.sig)));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        (self.fields, self.methods) = (fields, methods);
    }

    /// The declared type of a field.
    pub(crate) fn field(&self, of: &TypeId, name: &str) -> Option<Known> {
        let (module, declared) = self.fields.get(&(of.clone(), name.to_owned()))?;
        self.known(declared, module, Some(of))
    }

    /// The file that defines a method.
    pub(crate) fn method(&self, of: &TypeId, name: &str) -> Option<&str> {
        self.methods.get(&(of.clone(), name.to_owned())).map(|(module, _)| module.as_str())
    }

    /// The type that a method returns.
    pub(crate) fn given_back(&self, of: &TypeId, name: &str) -> Option<Known> {
        let (module, declared) = self.methods.get(&(of.clone(), name.to_owned()))?;
        self.known(declared.as_ref()?, module, Some(of))
    }

    /// The file that defines the function that `module` calls by this path.
    pub(crate) fn function(&self, path: &[String], module: &str) -> Option<&str> {
        let (path, name) = (self.absolute(path, module), path.last()?);
        self.defined(self.functions.get(name)?, path.as_deref(), module)
    }

    /// The type that `module` names by this path.
    pub(crate) fn type_named(&self, path: &[String], module: &str) -> Option<TypeId> {
        let (absolute, name) = (self.absolute(path, module), path.last()?);
        let name = absolute.as_ref().and_then(|path| path.last()).unwrap_or(name);
        let defined = self.defined(self.types.get(name)?, absolute.as_deref(), module)?;
        Some((defined.to_owned(), name.clone()))
    }

    /// Selects from the modules that define a name the one that `path` means; `None` for imports from other crates.
    fn defined<'a>(
        &'a self,
        defining: &'a BTreeSet<String>,
        path: Option<&[String]>,
        module: &str,
    ) -> Option<&'a str> {
        let Some(path) = path else { return defining.get(module).map(String::as_str) };
        if path.first().is_some_and(|first| first != "crate") {
            return None;
        }
        let named = path[1..path.len() - 1].join("::");
        let exact = defining.get(&named);
        // A module may re-export items that a file below it defines.
        let below = || defining.iter().find(|one| named.is_empty() || one.starts_with(&format!("{named}::")));
        exact.or_else(below).map(String::as_str)
    }

    /// The path from the crate's root (`crate::...`) or from another crate; `None` for a name of this file.
    fn absolute(&self, path: &[String], module: &str) -> Option<Vec<String>> {
        let first = path.first()?;
        if matches!(first.as_str(), "crate" | "super" | "self") {
            return Some(rooted(path, module));
        }
        let imported = self.modules.get(module)?.imports.get(first);
        if let Some(imported) = imported {
            return Some(imported.iter().chain(&path[1..]).cloned().collect());
        }
        (path.len() > 1).then(|| {
            let below = rooted(&[vec!["self".to_owned()], path.to_vec()].concat(), module);
            let is_ours = self.modules.contains_key(&below[1..below.len() - 1].join("::"));
            if is_ours { below } else { path.to_vec() }
        })
    }

    /// The type of the crate that a declared type names, if it has no wrapper.
    fn type_of_path(&self, declared: &syn::Type, module: &str) -> Option<TypeId> {
        self.known(declared, module, None).filter(|known| known.wrapped == 0).map(|known| known.of)
    }

    /// The known type behind a declared type that is written in `module`.
    pub(crate) fn known(&self, declared: &syn::Type, module: &str, own: Option<&TypeId>) -> Option<Known> {
        match declared {
            syn::Type::Reference(it) => self.known(&it.elem, module, own),
            syn::Type::Paren(it) => self.known(&it.elem, module, own),
            syn::Type::Slice(it) => self.wrapped(&it.elem, module, own),
            syn::Type::Array(it) => self.wrapped(&it.elem, module, own),
            syn::Type::ImplTrait(it) => it.bounds.iter().find_map(|bound| match bound {
                syn::TypeParamBound::Trait(bound) => self.known_path(&bound.path, module, own),
                _ => None,
            }),
            syn::Type::Path(it) => self.known_path(&it.path, module, own),
            _ => None,
        }
    }

    fn wrapped(&self, declared: &syn::Type, module: &str, own: Option<&TypeId>) -> Option<Known> {
        self.known(declared, module, own).map(|known| Known { wrapped: known.wrapped + 1, ..known })
    }

    fn known_path(&self, path: &syn::Path, module: &str, own: Option<&TypeId>) -> Option<Known> {
        if path.is_ident("Self") {
            return own.map(|of| Known { of: of.clone(), wrapped: 0 });
        }
        let names = names(path);
        if let Some(of) = self.type_named(&names, module) {
            return Some(Known { of, wrapped: 0 });
        }
        let syn::PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
            return None;
        };
        // In a map the crate's type may be the key or the value; most calls are on the value, so it is tried first.
        let inner = arguments.args.iter().rev().find_map(|argument| match argument {
            syn::GenericArgument::Type(inner) => self.known(inner, module, own),
            syn::GenericArgument::AssocType(inner) => self.known(&inner.ty, module, own),
            _ => None,
        })?;
        let is_seen_through = names.last().is_some_and(|name| SEEN_THROUGH.contains(&name.as_str()));
        Some(Known { wrapped: inner.wrapped + usize::from(!is_seen_through), ..inner })
    }
}

impl Module {
    /// Adds the items of a file, including those of its inner modules.
    fn take(&mut self, items: Vec<syn::Item>, name: &str, of_tests: &mut BTreeSet<String>) {
        for item in items {
            match item {
                syn::Item::Mod(inner) => match inner.content {
                    Some((_, items)) if !is_for_tests(&inner.attrs) => self.take(items, name, of_tests),
                    Some(_) => {}
                    None if is_for_tests(&inner.attrs) => {
                        let below = rooted(&["self".to_owned(), inner.ident.to_string()], name);
                        of_tests.insert(below[1..].join("::"));
                    }
                    None => {}
                },
                syn::Item::Use(it) => self.import(&it.tree, Vec::new(), name),
                syn::Item::Fn(it) if is_for_tests(&it.attrs) => {}
                syn::Item::Impl(it) if is_for_tests(&it.attrs) => {}
                other => self.items.push(other),
            }
        }
    }

    fn import(&mut self, tree: &syn::UseTree, mut before: Vec<String>, module: &str) {
        match tree {
            syn::UseTree::Path(it) => {
                before.push(it.ident.to_string());
                self.import(&it.tree, before, module);
            }
            syn::UseTree::Name(it) => {
                let name = it.ident.to_string();
                let whole = if name == "self" { before } else { [before, vec![name]].concat() };
                let name = whole.last().cloned().unwrap_or_default();
                self.imports.insert(name, rooted(&whole, module));
            }
            syn::UseTree::Rename(it) => {
                before.push(it.ident.to_string());
                self.imports.insert(it.rename.to_string(), rooted(&before, module));
            }
            syn::UseTree::Group(it) => {
                it.items.iter().for_each(|one| self.import(one, before.clone(), module));
            }
            syn::UseTree::Glob(_) => {}
        }
    }
}

/// The absolute form of a path: it begins with `crate` or another crate's name.
fn rooted(path: &[String], module: &str) -> Vec<String> {
    let mut here: Vec<String> =
        module.split("::").filter(|name| !matches!(*name, "lib" | "main")).map(str::to_owned).collect();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("self") => rest = &path[1..],
        Some("super") => {
            while rest.first().is_some_and(|name| name == "super") {
                here.pop();
                rest = &rest[1..];
            }
        }
        Some(_) | None => return path.to_vec(),
    }
    [vec!["crate".to_owned()], here, rest.to_vec()].concat()
}

/// The names of a path.
pub(crate) fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

fn returned(signature: &syn::Signature) -> Option<syn::Type> {
    match &signature.output {
        syn::ReturnType::Type(_, declared) => Some((**declared).clone()),
        syn::ReturnType::Default => None,
    }
}

/// Whether an item with these attributes exists only in tests.
pub(crate) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let mut seen = Words::default();
        if attribute.path().is_ident("cfg")
            && let Ok(condition) = attribute.parse_args::<syn::Meta>()
        {
            seen.visit_meta(&condition);
        }
        attribute.path().is_ident("test") || seen.has_test
    })
}

#[derive(Default)]
struct Words {
    has_test: bool,
}

impl<'a> Visit<'a> for Words {
    fn visit_path(&mut self, path: &'a syn::Path) {
        self.has_test |= path.is_ident("test");
        visit::visit_path(self, path);
    }
}
