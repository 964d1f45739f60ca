// Served to the browser before the specs: the flags of this run, from karma.conf.js.
globalThis.__RXTENSOR_TEST__ = globalThis.__karma__.config.testFlags;
