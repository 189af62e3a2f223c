//! A small file system for a turno's journal, for a test that breaks it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::wire::folder::Folder;
use crate::wire::missing::is_missing;
use crate::wire::server::{Server, serve};

/// Makes a file system in the file `$1` and mounts it at `$2`.
const MAKE: &str = "PATH=$PATH:/usr/sbin:/sbin; truncate -s 16M \"$1\" && mkfs.ext4 -q -F \"$1\" && \
                    mount -o loop,errors=remount-ro \"$1\" \"$2\"";

/// A fault of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// The kernel has found an error and allows no writes any more, as after a bad sector.
    ReadOnly,
    /// The device is gone: every operation returns EIO.
    Dead,
}

impl Server {
    /// The lab with a journal on its own disk, with changes. `None`, with a message, if this machine does not allow a
    /// test to mount one.
    pub fn lab_on_own_disk(changes: &[(&str, &str)]) -> Option<Self> {
        if is_missing(&["unshare", "nsenter", "mkfs.ext4", "python3"]) {
            return None;
        }
        let probe = Folder::new();
        std::fs::create_dir_all(probe.join("state")).expect("the test's folder can be written");
        if !in_own_namespace(&probe, "true", &[]).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
        {
            is_missing(&["(root and a loop device, for a disk of the test's own)"]);
            return None;
        }
        Some(Self::with_plan("lab", changes, |folder| {
            std::fs::create_dir_all(folder.join("state")).expect("the test's folder can be written");
            let serve = serve(folder, true);
            let words: Vec<PathBuf> =
                [serve.get_program()].into_iter().chain(serve.get_args()).map(PathBuf::from).collect();
            in_own_namespace(folder, "shift 2; exec \"$@\"", &words)
        }))
    }

    /// Breaks the disk.
    pub fn breaks_disk(&self, how: Breakage) {
        let script = match how {
            Breakage::ReadOnly => {
                "device=$(findmnt -n -o SOURCE \"$1\") && \
                 echo test > /sys/fs/ext4/${device#/dev/}/trigger_fs_error"
            }
            // EXT4_IOC_SHUTDOWN, without a last write to its log.
            Breakage::Dead => {
                "python3 -c 'import fcntl, os, struct, sys\n\
                 disk = os.open(sys.argv[1], os.O_RDONLY)\n\
                 fcntl.ioctl(disk, 0x8004587d, struct.pack(\"I\", 2))' \"$1\""
            }
        };
        assert!(self.beside(script).success(), "the disk could not be broken");
    }

    /// Fills the disk completely.
    pub fn fills_disk(&self) {
        // It ends when nothing more fits.
        self.beside("head -c 32M /dev/zero > \"$1/ballast\" 2> /dev/null; sync \"$1\"");
    }

    /// Frees the space again.
    pub fn makes_room(&self) {
        assert!(self.beside("rm -f \"$1/ballast\"").success(), "it was there");
    }

    /// Replaces the disk as an operator does: its content is copied to a writable one.
    pub fn gets_another_disk(&self, how: Breakage) {
        let copy = match how {
            Breakage::ReadOnly => "cp -a \"$1/.\" \"$2/spare\"",
            // Operations on the broken device fail, so its content is read in another way.
            Breakage::Dead => {
                "cp \"$2/disk\" \"$2/again\" && mkdir \"$2/inner\" && mount -o loop \"$2/again\" \"$2/inner\" && \
                 cp -a \"$2/inner/.\" \"$2/spare\" && umount \"$2/inner\""
            }
        };
        let script = format!("mkdir -m 700 \"$2/spare\" && {copy} && mount --bind \"$2/spare\" \"$1\"");
        assert!(self.beside(&script).success(), "the disk is held");
    }

    /// SIGKILL, and another turno on the disk that replaced the broken one.
    pub fn kill_and_start_again_on_the_other_disk(&mut self) {
        self.kill();
        std::fs::remove_dir(self.state()).expect("nothing is mounted there any more");
        std::fs::rename(self.folder().join("spare"), self.state()).expect("the test's folder can be written");
        self.start_again();
    }

    /// Another turno tries to take over on the same disk and fails: its exit code and output.
    pub fn is_not_taken_over_there(&self) -> (Option<i32>, String) {
        let serve = serve(self.folder(), true);
        let mut command = Command::new("nsenter");
        command.args(["--mount", "--target", &self.process().to_string()]).arg(serve.get_program());
        let output = command.args(serve.get_args()).arg("--take-over").output().expect("nsenter runs");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    fn beside(&self, script: &str) -> std::process::ExitStatus {
        let mut command = Command::new("nsenter");
        command.args(["--mount", "--target", &self.process().to_string(), "sh", "-c", script, "sh"]);
        command.arg(self.state()).arg(self.folder().path()).status().expect("nsenter runs")
    }
}

/// A shell in which the folder's `state` is a separate disk.
fn in_own_namespace(folder: &Folder, then: &str, words: &[PathBuf]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &format!("{MAKE} && {{ {then}; }}"), "sh"]);
    command.arg(folder.join("disk")).arg(folder.join("state")).args(words.iter().map(PathBuf::as_path));
    command
}
