//! Whether the ways out of this machine have changed: a cable, a Wi-Fi or a modem came or went. Only a hint to try again
//! sooner; nothing is sent to find out. Must not know the station.

/// A way out: interface, destination, gateway, flags, as the kernel lists them.
pub(crate) type Route = [String; 4];

/// The IPv4 routes of the machine; empty where the system does not list them.
pub(crate) fn routes() -> Vec<Route> {
    std::fs::read_to_string("/proc/net/route").map(|text| read(&text)).unwrap_or_default()
}

/// Reads the kernel's table without its counters, which change with every packet.
fn read(table: &str) -> Vec<Route> {
    let mut routes: Vec<Route> = table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split_whitespace().map(str::to_owned);
            Some([fields.next()?, fields.next()?, fields.next()?, fields.next()?])
        })
        .collect();
    routes.sort();
    routes
}

#[cfg(test)]
mod tests {
    use super::read;

    const HEAD: &str = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

    #[test]
    fn counters_and_order_are_no_change_but_a_new_way_out_is() {
        let home = "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n";
        let busy = "wlan0\t00000000\t0101A8C0\t0003\t4\t99\t600\t00000000\t0\t0\t0\n";
        let modem = "wwan0\t00000000\t00000000\t0001\t0\t0\t700\t00000000\t0\t0\t0\n";
        let of = |rows: &[&str]| read(&format!("{HEAD}{}", rows.concat()));
        assert_eq!(of(&[home]), of(&[busy]));
        assert_eq!(of(&[home, modem]), of(&[modem, busy]));
        assert_ne!(of(&[home]), of(&[home, modem]));
        assert!(of(&[]).is_empty() && read("").is_empty());
    }
}
