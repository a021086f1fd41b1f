//! Behaviour of the namespace, the same for each kind of tree behind it.

mod attributes;
mod data;
mod directories;
mod escape;
mod fixture;
mod held;
mod model;
mod mounts;
mod names;
mod namespace;
mod objects;
mod overlap;
mod permissions;
mod regions;
mod restart;
mod short;
mod xattrs;
