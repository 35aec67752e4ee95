//! Python objects as the core's traits: any object that has the methods can be a runtime, a validator or a deployer.
