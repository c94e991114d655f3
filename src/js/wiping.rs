//! An allocator that wipes what is freed: passwords, tokens and private keys would else stay in the memory of the instance,
//! where anything that gets hold of it could read them long after they were dropped.
#![allow(unsafe_code, reason = "there is no other way to be the allocator")]

use core::alloc::{GlobalAlloc, Layout};

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

/// It is a third of the code that the standard library has for it.
static MEMORY: WasmDynamicTalc = new_wasm_dynamic_allocator();

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: it forwards to an allocator, and writes to a block only before that is freed. `realloc` is the trait's own, which
// moves a block that grows and frees the old one: what is left behind is wiped as well.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller vouches.
        unsafe { MEMORY.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has this layout, as the caller vouches, and is not used any more.
        unsafe {
            block.write_bytes(0, layout.size());
            MEMORY.dealloc(block, layout);
        }
    }
}
