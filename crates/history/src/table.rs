//! What a table is: its name, its columns, and what a change does to each.

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number; 0 and 1 for no and yes.
    Int,
    Text,
    /// Microseconds since 1970 (UTC).
    Moment,
    /// Microseconds.
    Span,
}

/// What a change of a row does to a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is part of the key.
    Key,
    /// The new value replaces the old one.
    Set,
    /// The new value is added to the old one; it begins with 0.
    Add,
    /// The larger value stays; it begins with 0.
    Max,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) kind: Kind,
}

impl Column {
    /// Its name, type and default.
    fn declared(&self) -> String {
        let kind = match self.kind {
            Kind::Int | Kind::Moment | Kind::Span => "BIGINT",
            Kind::Text => "TEXT",
        };
        let rest = match self.role {
            Role::Key => " NOT NULL",
            Role::Set => "",
            Role::Add | Role::Max => " NOT NULL DEFAULT 0",
        };
        format!("{} {kind}{rest}", self.name)
    }
}

/// A table. Its columns of the key come first.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
}

/// The columns of one table as an enum, so that a name that the table lacks does not compile.
pub(crate) trait Columns: Copy {
    /// The table.
    const TABLE: &'static Table;

    /// The place in [`Table::columns`].
    fn place(self) -> usize;
}

/// Declares a table and the enum of its columns.
macro_rules! table {
    ($(#[$doc:meta])* $columns:ident of $name:literal { $($column:ident $text:literal $role:ident $kind:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(dead_code, reason = "a row is found by the values of its key, and nothing names their columns")]
        pub(crate) enum $columns { $($column,)* }

        impl $crate::table::Columns for $columns {
            const TABLE: &'static $crate::table::Table = &$crate::table::Table {
                name: $name,
                columns: &[$($crate::table::Column {
                    name: $text,
                    role: $crate::table::Role::$role,
                    kind: $crate::table::Kind::$kind,
                },)*],
            };

            fn place(self) -> usize {
                self as usize
            }
        }
    };
}
pub(crate) use table;

impl Table {
    /// The statement that creates it without these columns, which a later version adds.
    pub(crate) fn creation(&self, without: &[&str]) -> String {
        let columns = self.columns.iter().filter(|column| !without.contains(&column.name));
        let columns: Vec<String> = columns.map(|column| format!("  {}", column.declared())).collect();
        let keys: Vec<&str> = self.keys().map(|column| column.name).collect();
        format!(
            "CREATE TABLE {} (\n{},\n  PRIMARY KEY ({})\n)",
            self.name,
            columns.join(",\n"),
            keys.join(", ")
        )
    }

    /// The statements that add these columns.
    pub(crate) fn additions(&self, names: &[&str]) -> String {
        let columns = self.columns.iter().filter(|column| names.contains(&column.name));
        columns
            .map(|column| format!("ALTER TABLE {} ADD COLUMN {};\n", self.name, column.declared()))
            .collect()
    }

    /// The columns of the key.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|column| column.role == Role::Key)
    }
}
