//! An allocator that wipes what is freed: passwords, tokens and private keys would else stay in the memory of the instance,
//! where anything that gets hold of it could read them long after they were dropped.
#![allow(unsafe_code, reason = "there is no other way to be the allocator")]

use std::alloc::{GlobalAlloc, Layout, System};

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: it forwards to the system's allocator, and writes to a block only before that is freed. `realloc` is the trait's
// own, which moves a block that grows and frees the old one: what is left behind is wiped as well.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller vouches.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller vouches.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has this layout, as the caller vouches, and is not used any more.
        unsafe {
            block.write_bytes(0, layout.size());
            System.dealloc(block, layout);
        }
    }
}
