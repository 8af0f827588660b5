//! The C library's file calls under their own names: each asks the disk under watch first, then goes on to the system.
//! Owns the catching; must not know what is to fail.
#![expect(unsafe_code, reason = "stands in for functions of the C library, in the test program alone")]

use std::ffi::{CStr, OsStr, c_char, c_int, c_uint, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Call, Change, Disk, Handle, WATCHING, disks};

/// The next function of that name: the system's own.
fn real(slot: &AtomicUsize, name: &'static CStr) -> *mut c_void {
    let known = slot.load(Ordering::Relaxed);
    if known != 0 {
        return known as *mut c_void;
    }
    // SAFETY: the name is a C string; RTLD_NEXT looks behind this program.
    let found = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) };
    assert!(!found.is_null());
    slot.store(found as usize, Ordering::Relaxed);
    found
}

macro_rules! system {
    ($name:literal, fn($($argument:ty),*) -> $result:ty) => {{
        static SLOT: AtomicUsize = AtomicUsize::new(0);
        // SAFETY: the C library's function of this name has this type.
        unsafe { std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($argument),*) -> $result>(real(&SLOT, $name)) }
    }};
}

pub(super) fn kill_this_process() {
    // SAFETY: sends a signal to this process, which ends it.
    unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
}

fn fail(errno: c_int) -> c_int {
    // SAFETY: the address of this thread's own errno.
    unsafe { *libc::__errno_location() = errno };
    -1
}

fn watching() -> bool {
    WATCHING.load(Ordering::Relaxed)
}

/// The path of a C string.
///
/// # Safety
/// `text` is a C string.
unsafe fn path(text: *const c_char) -> PathBuf {
    // SAFETY: the caller's promise.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(text) }.to_bytes())).to_owned()
}

/// Asks the disk that holds a path, if one does.
fn at_path<T>(path: &Path, ask: impl FnOnce(&mut Disk) -> T) -> Option<T> {
    if !watching() {
        return None;
    }
    disks().iter_mut().find(|disk| disk.holds(path)).map(ask)
}

/// Asks the disk that has a file open under this number, if one has.
fn at_handle<T>(fd: c_int, ask: impl FnOnce(&mut Disk) -> T) -> Option<T> {
    if !watching() {
        return None;
    }
    disks().iter_mut().find(|disk| disk.handles.contains_key(&fd)).map(ask)
}

fn refuse(path: &Path, call: Call) -> Option<c_int> {
    at_path(path, |disk| disk.before(call)).flatten()
}

fn refuse_handle(fd: c_int, call: Call) -> Option<c_int> {
    at_handle(fd, |disk| disk.before(call)).flatten()
}

fn opened(fd: c_int, path: &Path, flags: c_int) {
    if fd < 0 {
        return;
    }
    at_path(path, |disk| {
        let handle = if flags & libc::O_DIRECTORY != 0 || path.is_dir() {
            Handle::Folder(path.to_owned())
        } else {
            let id = disk.model.open(path);
            if flags & libc::O_TRUNC != 0 {
                disk.model.change(id, Change::Length(0));
            }
            Handle::File(id)
        };
        disk.handles.insert(fd, handle);
    });
}

fn open_by(path: &Path, flags: c_int, go: impl FnOnce() -> c_int) -> c_int {
    if let Some(errno) = refuse(path, Call::Open) {
        return fail(errno);
    }
    let fd = go();
    opened(fd, path, flags);
    fd
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open(text: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let go = system!(c"open", fn(*const c_char, c_int, c_uint) -> c_int);
    // SAFETY: as the caller gave them.
    open_by(&unsafe { path(text) }, flags, || unsafe { go(text, flags, mode) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open64(text: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let go = system!(c"open64", fn(*const c_char, c_int, c_uint) -> c_int);
    // SAFETY: as the caller gave them.
    open_by(&unsafe { path(text) }, flags, || unsafe { go(text, flags, mode) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn openat64(folder: c_int, text: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let go = system!(c"openat64", fn(c_int, *const c_char, c_int, c_uint) -> c_int);
    // SAFETY: as the caller gave them.
    open_by(&within(folder, &unsafe { path(text) }), flags, || unsafe { go(folder, text, flags, mode) })
}

/// A path that may be relative to an open folder.
fn within(folder: c_int, path: &Path) -> PathBuf {
    let parent = at_handle(folder, |disk| match disk.handles.get(&folder) {
        Some(Handle::Folder(parent)) => Some(parent.clone()),
        Some(Handle::File(_)) | None => None,
    });
    parent.flatten().map_or_else(|| path.to_owned(), |parent| parent.join(path))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn close(fd: c_int) -> c_int {
    at_handle(fd, |disk| disk.handles.remove(&fd));
    let go = system!(c"close", fn(c_int) -> c_int);
    // SAFETY: as the caller gave it.
    unsafe { go(fd) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn read(fd: c_int, into: *mut c_void, count: usize) -> isize {
    if let Some(errno) = refuse_handle(fd, Call::Read) {
        return fail(errno) as isize;
    }
    let go = system!(c"read", fn(c_int, *mut c_void, usize) -> isize);
    // SAFETY: as the caller gave them.
    unsafe { go(fd, into, count) }
}

/// Notes what was written.
///
/// # Safety
/// `from` holds as many bytes as were written.
unsafe fn wrote(fd: c_int, from: *const c_void, written: isize, at: Option<i64>) {
    let Ok(count) = usize::try_from(written) else { return };
    at_handle(fd, |disk| {
        let Some(Handle::File(id)) = disk.handles.get(&fd) else { return };
        // SAFETY: the caller's promise.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count) }.to_vec();
        // SAFETY: asks where the file stands, which is behind what was written.
        let at = at.unwrap_or_else(|| unsafe { libc::lseek64(fd, 0, libc::SEEK_CUR) } - written as i64);
        disk.model.change(*id, Change::Write { at: usize::try_from(at).unwrap_or(0), bytes });
    });
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(fd: c_int, from: *const c_void, count: usize) -> isize {
    if let Some(errno) = refuse_handle(fd, Call::Write) {
        return fail(errno) as isize;
    }
    let go = system!(c"write", fn(c_int, *const c_void, usize) -> isize);
    // SAFETY: as the caller gave them.
    unsafe {
        let written = go(fd, from, count);
        wrote(fd, from, written, None);
        written
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(fd: c_int, from: *const c_void, count: usize, at: i64) -> isize {
    if let Some(errno) = refuse_handle(fd, Call::Write) {
        return fail(errno) as isize;
    }
    let go = system!(c"pwrite64", fn(c_int, *const c_void, usize, i64) -> isize);
    // SAFETY: as the caller gave them.
    unsafe {
        let written = go(fd, from, count, at);
        wrote(fd, from, written, Some(at));
        written
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(fd: c_int, length: i64) -> c_int {
    if let Some(errno) = refuse_handle(fd, Call::Write) {
        return fail(errno);
    }
    let go = system!(c"ftruncate64", fn(c_int, i64) -> c_int);
    // SAFETY: as the caller gave them.
    let done = unsafe { go(fd, length) };
    if done == 0 {
        at_handle(fd, |disk| {
            if let Some(Handle::File(id)) = disk.handles.get(&fd) {
                disk.model.change(*id, Change::Length(usize::try_from(length).unwrap_or(0)));
            }
        });
    }
    done
}

fn sync_by(fd: c_int, go: impl FnOnce() -> c_int) -> c_int {
    if let Some(errno) = refuse_handle(fd, Call::Sync) {
        return fail(errno);
    }
    let done = if at_handle(fd, |_| ()).is_some() { 0 } else { go() };
    at_handle(fd, |disk| match disk.handles.get(&fd) {
        Some(Handle::File(id)) => disk.model.sync_file(*id),
        Some(Handle::Folder(folder)) => disk.model.sync_folder(&folder.clone()),
        None => {}
    });
    done
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(fd: c_int) -> c_int {
    let go = system!(c"fsync", fn(c_int) -> c_int);
    // SAFETY: as the caller gave it.
    sync_by(fd, || unsafe { go(fd) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(fd: c_int) -> c_int {
    let go = system!(c"fdatasync", fn(c_int) -> c_int);
    // SAFETY: as the caller gave it.
    sync_by(fd, || unsafe { go(fd) })
}

fn name_by(path: &Path, note: impl FnOnce(&mut Disk), go: impl FnOnce() -> c_int) -> c_int {
    if let Some(errno) = refuse(path, Call::Name) {
        return fail(errno);
    }
    let done = go();
    if done == 0 {
        at_path(path, note);
    }
    done
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    let go = system!(c"rename", fn(*const c_char, *const c_char) -> c_int);
    // SAFETY: as the caller gave them.
    let (old, new) = unsafe { (path(from), path(to)) };
    // SAFETY: as the caller gave them.
    name_by(&old.clone(), |disk| disk.model.rename(old, new), || unsafe { go(from, to) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn mkdir(text: *const c_char, mode: c_uint) -> c_int {
    let go = system!(c"mkdir", fn(*const c_char, c_uint) -> c_int);
    // SAFETY: as the caller gave it.
    let new = unsafe { path(text) };
    // SAFETY: as the caller gave it.
    name_by(&new.clone(), |disk| disk.model.make_folder(new), || unsafe { go(text, mode) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(text: *const c_char) -> c_int {
    let go = system!(c"unlink", fn(*const c_char) -> c_int);
    // SAFETY: as the caller gave it.
    let gone = unsafe { path(text) };
    // SAFETY: as the caller gave it.
    name_by(&gone.clone(), |disk| disk.model.remove(gone), || unsafe { go(text) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rmdir(text: *const c_char) -> c_int {
    let go = system!(c"rmdir", fn(*const c_char) -> c_int);
    // SAFETY: as the caller gave it.
    let gone = unsafe { path(text) };
    // SAFETY: as the caller gave it.
    name_by(&gone.clone(), |disk| disk.model.remove(gone), || unsafe { go(text) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlinkat(folder: c_int, text: *const c_char, flags: c_int) -> c_int {
    let go = system!(c"unlinkat", fn(c_int, *const c_char, c_int) -> c_int);
    // SAFETY: as the caller gave it.
    let gone = within(folder, &unsafe { path(text) });
    // SAFETY: as the caller gave it.
    name_by(&gone.clone(), |disk| disk.model.remove(gone), || unsafe { go(folder, text, flags) })
}

/// Not here: copies go through `read` and `write`, where they are seen.
#[unsafe(no_mangle)]
unsafe extern "C" fn copy_file_range(_: c_int, _: *mut i64, _: c_int, _: *mut i64, _: usize, _: c_uint) -> isize {
    fail(libc::ENOSYS) as isize
}

/// Not here, as above.
#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile64(_: c_int, _: c_int, _: *mut i64, _: usize) -> isize {
    fail(libc::ENOSYS) as isize
}
