//! Maps that fit what the core keeps.

mod name_hash;
mod name_index;
mod page_map;
mod small_map;

pub(in crate::state) use name_hash::NameHash;
pub(in crate::state) use name_index::NameIndex;
pub(in crate::state) use page_map::PageMap;
pub(in crate::state) use small_map::SmallMap;
