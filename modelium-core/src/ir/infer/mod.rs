//! Types and shapes of the values between.
