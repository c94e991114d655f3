//! An allocator that wipes what is freed: passwords, tokens and private keys would else stay in the memory of the instance,
//! where anything that gets hold of it could read them long after they were dropped.
#![allow(unsafe_code, reason = "there is no other way to be the allocator")]

use std::alloc::{GlobalAlloc, Layout, System};

struct Wiping;

/// A longer block is filled at once, which leaves the wasm for a function of the runtime: a word is written many times
/// until then.
const FILLED: usize = 256;

/// Writes zeros over a block.
unsafe fn wipe(block: *mut u8, size: usize) {
    let words = block.cast::<u64>();
    // SAFETY: the caller vouches for the block; every word and octet that is written is in it.
    unsafe {
        if size > FILLED || !words.is_aligned() {
            return block.write_bytes(0, size);
        }
        // Volatile, so that no fill is made of it again.
        for at in 0..size / 8 {
            words.add(at).write_volatile(0);
        }
        for at in size & !7..size {
            block.add(at).write_volatile(0);
        }
    }
}

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
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }
}
