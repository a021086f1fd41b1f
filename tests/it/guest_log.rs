//! Which records of a guest's kernel fail a test of the Linux suite, whose own runner has no unit tests.

#[path = "../linux/host/klog.rs"]
mod klog;

const NONE: [&str; 0] = [];

/// The complaints among records that are given as `LEVEL TEXT`.
fn complaints(records: &[&str]) -> Vec<String> {
    klog::complaints(&records.join(klog::BETWEEN_RECORDS)).map(str::to_owned).collect()
}

#[test]
fn words_about_the_server_and_warnings_are_complaints() {
    for record in [
        "3 NFS: nfs4_reclaim_open_state: Lock reclaim failed!",
        "5 nfs: server 10.0.2.2 not responding, still trying",
        "6 NFSv4: state recovery failed for open file, error = -5",
        "4 NFS: v4 server returned a bad sequence-id error on an unconfirmed sequence 000000001a2b3c4d!",
        "6 RPC: fragment too large: 1195725856",
        "6 10.0.2.2: lost 3 locks",
        "4 something new",
        "0 records lost",
        "1 BUG: unable to handle page fault for address: ffffffffc0de1234",
        "4 WARNING: CPU: 0 PID: 77 at fs/nfs/nfs4proc.c:123 nfs4_do_open+0x12/0x34 [nfsv4]",
        "3 INFO: task lockhouse-guest:77 blocked for more than 120 seconds.",
        "3 Out of memory: Killed process 77",
        "no level",
    ] {
        assert_eq!(complaints(&[record]), [record]);
    }
}

#[test]
fn what_a_kernel_says_in_peace_is_none() {
    let records = [
        "6 virtio_net virtio0 eth0: renamed",
        "6 random: crng init done",
        "5 Key type dns_resolver registered",
    ];
    assert!(complaints(&records).is_empty());
    assert!(complaints(&[]).is_empty());
}

#[test]
fn a_slow_host_is_none() {
    for record in [
        "4 sched: DL replenish lagged too much",
        "4 sched: RT throttling activated",
        "6 sched_clock: Marking unstable (9001000000, 123456)<-(9002000000, -1234)",
        "4 clocksource: timekeeping watchdog on CPU0: Marking clocksource 'tsc' as unstable because the skew is too large:",
        "4 clocksource:                       'hpet' wd_nsec: 511999999 wd_now: 1 wd_last: 0 mask: ffffffff",
        "5 clocksource: Switched to clocksource hpet",
        "4 clocksource: timekeeping watchdog on CPU0: hpet wd-wd read-back delay of 312000ns",
        "6 tsc: Marking TSC unstable due to clocksource watchdog",
        "6 TSC found unstable after boot, most likely due to broken BIOS. Use 'tsc=unstable'.",
        "4 hrtimer: interrupt took 21543876 ns",
        "6 perf: interrupt took too long (2503 > 2500), lowering kernel.perf_event_max_sample_rate to 79750",
        "6 INFO: NMI handler (perf_event_nmi_handler) took too long to run: 4.012 msecs",
        "4 hpet: Lost 5 RTC interrupts",
        "4 workqueue: rpc_async_schedule [sunrpc] hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND",
    ] {
        assert_eq!(complaints(&[record]), NONE, "{record}");
    }
}

#[test]
fn such_words_excuse_no_line_about_something_else() {
    for record in [
        "3 NFS: clocksource: is not how this line begins",
        "4 workqueue: nfsiod: something else",
        "3 nfs: server 10.0.2.2 not responding while the hrtimer: interrupt took long",
        "4 hpet: lost",
        "3 rcu: something new",
    ] {
        assert_eq!(complaints(&[record]), [record]);
    }
}

const STALL: &[&str] = &[
    "3 rcu: INFO: rcu_preempt self-detected stall on CPU",
    "3 rcu: \\x090-....: (1 GPs behind) idle=e3c/1/0x4000000000000000 softirq=1552/1553 fqs=0",
    "4 \\x09(t=26015 jiffies g=1269 q=784 ncpus=1)",
    "3 rcu: rcu_preempt kthread starved for 26015 jiffies! g1269 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=0",
    "3 rcu: \\x09Unless rcu_preempt kthread gets sufficient CPU time, OOM is now expected behavior.",
    "6 task:rcu_preempt     state:R  running task     stack:0     pid:15    ppid:2      flags:0x00004000",
    "4 CPU: 0 PID: 77 Comm: kworker/u2:1 Not tainted 6.12.1-amd64 #1  Debian 6.12.1-1",
    "4 Workqueue: rpciod rpc_async_schedule [sunrpc]",
    "4 RIP: 0010:nfs4_state_manager+0x12/0x340 [nfsv4]",
    "4 Call Trace:",
    "4  <TASK>",
    "4  ? nfs4_run_state_manager+0x5a/0x120 [nfsv4]",
    "4  </TASK>",
];

#[test]
fn a_stall_of_the_processor_is_none_with_all_that_is_told_about_it() {
    assert_eq!(complaints(STALL), NONE);
    let lockup = ["0 watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [kworker/u2:1:77]"];
    assert_eq!(complaints(&[&lockup, &STALL[6..]].concat()), NONE);
    let workqueue = ["0 BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 33s!"];
    let pools = [
        "6 Showing busy workqueues and worker pools:",
        "6 workqueue rpciod: flags=0x8",
        "6   pwq 0: cpus=0 active=1",
    ];
    assert_eq!(complaints(&[&workqueue[..], &pools[..1], &pools[2..]].concat()), NONE);
}

#[test]
fn a_complaint_behind_a_stall_is_one_all_the_same() {
    let about = "3 nfs: server 10.0.2.2 not responding, still trying";
    assert_eq!(complaints(&[STALL, &[about]].concat()), [about]);
    // And a trace that no watchdog has begun is one.
    let trace = ["4 Call Trace:", "4  ? nfs4_run_state_manager+0x5a/0x120 [nfsv4]"];
    assert_eq!(complaints(&[&STALL[..2], &[about], &trace].concat()), [&[about], &trace[..]].concat());
    assert_eq!(complaints(&trace), trace);
}
