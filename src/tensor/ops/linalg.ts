/** Linear algebra beyond products, as the group `linalg`. */
export { bandPart } from './band-part';
export { gramSchmidt } from './gram-schmidt';
export { qr } from './qr';
