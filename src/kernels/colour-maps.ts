/**
 * Colour maps of one value from 0 to 1, as polynomials of degree 6: red, green and blue of the constant terms, then those of the linear terms,
 * and so on. They differ by at most 3 of 255 from the maps of matplotlib (N. Smith and S. van der Walt 2015, CC0), to which they were fitted.
 */
export const colourMaps = {
  gray: null,
  viridis: [
    0.277, 0.004, 0.338, -0.138, 1.489, 0.954, 2.084, -0.728, 5.123, -13.168, -2.021, -40.525, 20.145, 7.304,
    97.285, -5.888, -7.9, -101.276, -2.329, 2.757, 38.237,
  ],
  plasma: [
    0.055, 0.025, 0.517, 2.506, 0.365, 1.648, -5.984, -9.258, -6.344, 18.378, 50.503, 9.975, -32.414, -98.689,
    -12.577, 27.457, 85.585, 10.09, -9.062, -27.563, -3.167,
  ],
} as const;
