//! What a page gets.

/// The answer to a creation request.
#[derive(Debug)]
pub struct RegistrationResponse {}

impl RegistrationResponse {
    /// The `RegistrationResponseJSON`.
    pub fn to_json(&self) -> String {
        unimplemented!()
    }
}

/// The answer to a sign-in request.
#[derive(Debug)]
pub struct AuthenticationResponse {}

impl AuthenticationResponse {
    /// The `AuthenticationResponseJSON`.
    pub fn to_json(&self) -> String {
        unimplemented!()
    }
}
