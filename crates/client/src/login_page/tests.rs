use roamkey_vault::item::Login;

use super::{BadPage, LoginPage};

fn page(origin: &str, ancestors: &[&str]) -> Result<LoginPage, BadPage> {
    LoginPage::parse(origin, &ancestors.iter().map(|&each| each.to_owned()).collect::<Vec<_>>())
}

fn serves(site: &str, origin: &str) -> bool {
    let login = Login { sites: vec![site.to_owned()], ..Login::default() };
    page(origin, &[]).expect("a page that may be filled in").is_of(&login)
}

#[test]
fn a_login_serves_at_its_own_site_alone() {
    for site in ["shop.example", "https://www.shop.example/login?next=/", "http://shop.example", "Shop.Example:8443"] {
        for origin in ["https://shop.example", "https://login.shop.example", "https://shop.example:8443"] {
            assert!(serves(site, origin), "{site} at {origin}");
        }
        for origin in ["https://evilshop.example", "https://shop.example.evil.example", "https://shop.example2"] {
            assert!(!serves(site, origin), "{site} at {origin}");
        }
    }
    assert!(serves("bücher.example", "https://xn--bcher-kva.example"), "a name in both of its forms");
    assert!(!serves("", "https://shop.example"));
}

#[test]
fn what_many_people_share_is_nobodys_site() {
    assert!(!serves("ada.github.io", "https://eve.github.io"));
    assert!(!serves("shop.co.uk", "https://other.co.uk"));
    assert!(!serves("co.uk", "https://shop.co.uk"));
}

#[test]
fn an_address_is_one_machine() {
    assert!(serves("https://192.168.0.1/", "https://192.168.0.1"));
    assert!(!serves("192.168.0.1", "https://10.1.0.1"), "the end of an address is no domain");
    assert!(serves("[::1]", "http://[::1]:8080"));
    assert!(serves("localhost:3000", "http://localhost:3000"));
    assert!(!serves("localhost", "http://other.localhost"));
}

#[test]
fn an_app_is_no_site() {
    assert!(!serves("android://key@com.evil.shop/", "https://evil.shop"));
    assert!(!serves("androidapp://com.evil.shop", "https://evil.shop"));
}

#[test]
fn nothing_is_typed_where_anyone_on_the_way_reads_it() {
    for origin in ["http://shop.example", "http://192.168.0.1", "http://localhost.example", "ftp://shop.example"] {
        assert_eq!(page(origin, &[]).err(), Some(BadPage::Insecure), "{origin}");
    }
    assert!(page("http://127.0.0.1:8080", &[]).is_ok());
}

#[test]
fn nothing_is_typed_into_a_page_of_nobody() {
    for origin in ["null", "", "https://shop.example/", "https://SHOP.example", "about:blank", "data:text/html,x"] {
        assert_eq!(page(origin, &[]).err(), Some(BadPage::Opaque), "{origin}");
    }
}

#[test]
fn a_frame_is_filled_only_within_its_own_site() {
    assert!(page("https://login.shop.example", &["https://www.shop.example", "https://shop.example"]).is_ok());
    for around in [
        &["https://evil.example"][..],
        &["https://evil.example", "https://shop.example"],
        &["https://shop.example", "https://evil.example"],
        &["null"],
        &["http://shop.example"],
        &["chrome-extension://abc"],
    ] {
        assert_eq!(page("https://shop.example", around).err(), Some(BadPage::ForeignFrame), "{around:?}");
    }
    let deep = vec!["https://shop.example".to_owned(); LoginPage::ANCESTORS + 1];
    assert_eq!(LoginPage::parse("https://shop.example", &deep).err(), Some(BadPage::ForeignFrame));
}
