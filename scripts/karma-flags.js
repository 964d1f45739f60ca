// Served to the browser before the specs: what karma.conf.js was told about this run.
globalThis.__RXTENSOR_TEST__ = globalThis.__karma__.config.testFlags;
