//! A day of the history as Parquet: a file for each view, which DuckDB, Spark and pandas read.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use turno_history::store::Store;
use turno_history::{Shown, Value, view_columns};

use crate::exit::Exit;
use crate::history::trouble::Trouble;

/// Writes each view's rows of a day into a file of the folder.
pub(crate) fn write_day(store: &mut dyn Store, day: &str, folder: &Path) -> Result<Exit, Trouble> {
    if day.parse::<jiff::civil::Date>().is_err() {
        return Err(Trouble::File(format!("`{day}` is no day; write it as 2026-11-24")));
    }
    fs::create_dir_all(folder).map_err(|error| in_file(folder, &error))?;
    let mut all = 0;
    for view in turno_history::VIEW_NAMES {
        let columns = view_columns(view);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let text = format!("SELECT {} FROM {view} WHERE day = $1", names.join(", "));
        let mut rows = Vec::new();
        store.transaction(&mut |sql| {
            rows = sql.rows(&text, &[day.into()])?;
            Ok(())
        })?;
        let path = folder.join(format!("{view}.parquet"));
        write(&path, view, &columns, &rows).map_err(|error| in_file(&path, &error))?;
        say!("{:>9} rows in {}", rows.len(), path.display());
        all += rows.len();
    }
    Ok(if all == 0 { Exit::NothingThere } else { Exit::Done })
}

fn in_file(path: &Path, error: &dyn core::fmt::Display) -> Trouble {
    Trouble::File(format!("{}: {error}", path.display()))
}

fn write(path: &Path, view: &str, columns: &[Shown], rows: &[Vec<Value>]) -> Result<(), ParquetError> {
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(File::create(path)?, schema(view, columns)?, properties)?;
    let mut group = writer.next_row_group()?;
    let mut place = 0;
    while let Some(mut column) = group.next_column()? {
        let values = rows.iter().map(|row| row.get(place).unwrap_or(&Value::Null));
        write_column(&mut column, columns.get(place).is_some_and(|column| column.is_text), values)?;
        column.close()?;
        place += 1;
    }
    group.close()?;
    writer.close().map(drop)
}

/// A column's values that are there, and for each row whether one is.
fn write_column<'v>(
    column: &mut SerializedColumnWriter<'_>,
    is_text: bool,
    values: impl Iterator<Item = &'v Value>,
) -> Result<(), ParquetError> {
    let (mut levels, mut numbers, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for value in values {
        let is_there = match value {
            Value::Text(text) if is_text => {
                texts.push(ByteArray::from(text.as_str()));
                true
            }
            Value::Int(number) if !is_text => {
                numbers.push(*number);
                true
            }
            Value::Null | Value::Text(_) | Value::Int(_) => false,
        };
        levels.push(i16::from(is_there));
    }
    if is_text {
        column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
    } else {
        column.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?;
    }
    Ok(())
}

fn schema(view: &str, columns: &[Shown]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(|column| {
        let (physical, logical) = if column.is_text {
            (Physical::BYTE_ARRAY, Some(LogicalType::String))
        } else if column.is_moment {
            let unit = TimeUnit::MICROS;
            (Physical::INT64, Some(LogicalType::timestamp(true, unit)))
        } else {
            (Physical::INT64, None)
        };
        Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    });
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder(view).with_fields(fields).build().map(Arc::new)
}
