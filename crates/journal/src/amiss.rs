//! Checks whether a restart would find what is written.
//!
//! A process that holds a file open keeps writing when the file's name is removed or leads to another file: every write
//! succeeds, and a restart finds nothing. So the open file is compared with the one of that name, again and again.

use core::fmt;

/// Identifies a file or folder, with what a restart needs of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The device that it is on.
    pub device: u64,
    /// The inode number.
    pub number: u64,
    /// The length in bytes; for an open file, the smallest length that it must have.
    pub length: u64,
    /// Whether its owner may use it.
    pub is_open_to_owner: bool,
}

/// The object that is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The journal's folder.
    Folder,
    /// A file in it.
    File(String),
}

/// Why a restart would not find what is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amiss {
    /// The name does not exist any more.
    Gone(Thing),
    /// The name leads to another object.
    Replaced(Thing),
    /// The file has fewer bytes than were written.
    Cut {
        /// The file's name.
        file: String,
        /// The length that it has.
        length: u64,
        /// The length that it had.
        least: u64,
    },
    /// The beginning of the file with this name is not what was written.
    Overwritten(String),
    /// Its owner has no permission any more.
    Closed(Thing),
    /// Another turno writes there.
    Taken(String),
}

/// Compares the open object with the one that its name leads to now.
pub fn amiss(thing: &Thing, held: Mark, found: Option<Mark>) -> Option<Amiss> {
    let Some(found) = found else { return Some(Amiss::Gone(thing.clone())) };
    if (found.device, found.number) != (held.device, held.number) {
        return Some(Amiss::Replaced(thing.clone()));
    }
    if !found.is_open_to_owner && held.is_open_to_owner {
        return Some(Amiss::Closed(thing.clone()));
    }
    match thing {
        Thing::File(name) if found.length < held.length => {
            Some(Amiss::Cut { file: name.clone(), length: found.length, least: held.length })
        }
        Thing::File(_) | Thing::Folder => None,
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder => f.write_str("the journal's folder"),
            Self::File(name) => write!(f, "the journal's file {name}"),
        }
    }
}

impl fmt::Display for Amiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(thing) => write!(f, "{thing} was removed or renamed while turno writes there"),
            Self::Replaced(thing) => {
                write!(f, "{thing} was replaced by another (moved, or a disk mounted or unmounted)")
            }
            Self::Cut { file, length, least } => {
                write!(f, "{} was cut to {length} of its {least} bytes", Thing::File(file.clone()))
            }
            Self::Overwritten(file) => {
                write!(f, "{} was overwritten while turno writes there", Thing::File(file.clone()))
            }
            Self::Closed(thing) => write!(f, "the permission to use {thing} was taken away"),
            Self::Taken(holder) => {
                write!(f, "another turno{holder} keeps its journal there; stop one of the two")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: Mark = Mark { device: 1, number: 2, length: 100, is_open_to_owner: true };

    #[test]
    fn a_folder_that_was_deleted_moved_or_mounted_over_is_not_taken_for_the_one_that_is_written() {
        assert_eq!(amiss(&Thing::Folder, HELD, Some(HELD)), None);
        assert_eq!(amiss(&Thing::Folder, HELD, None), Some(Amiss::Gone(Thing::Folder)));
        for other in [Mark { device: 9, ..HELD }, Mark { number: 9, ..HELD }] {
            assert_eq!(amiss(&Thing::Folder, HELD, Some(other)), Some(Amiss::Replaced(Thing::Folder)));
        }
        let closed = Mark { is_open_to_owner: false, ..HELD };
        assert_eq!(amiss(&Thing::Folder, HELD, Some(closed)), Some(Amiss::Closed(Thing::Folder)));
        assert_eq!(amiss(&Thing::Folder, closed, Some(closed)), None, "as it always was");
    }

    #[test]
    fn a_file_that_grew_is_as_it_should_be_and_one_that_was_cut_is_not() {
        let file = Thing::File("0000000001.segment".to_owned());
        let found = |length| Some(Mark { length, ..HELD });
        assert_eq!(amiss(&file, HELD, found(100)), None);
        assert_eq!(amiss(&file, HELD, found(200)), None);
        let cut = amiss(&file, HELD, found(99)).expect("bytes are missing");
        assert!(cut.to_string().contains("0000000001.segment was cut to 99 of its 100 bytes"), "{cut}");
        // A folder's length has no meaning.
        assert_eq!(amiss(&Thing::Folder, HELD, found(0)), None);
    }
}
