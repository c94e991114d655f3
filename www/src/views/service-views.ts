import '../styles/service.css';
import { ExpiryView } from './expiry.js';
import { NewOrderView } from './new-order/new-order-view.js';
import { OrderView } from './order/order-view.js';
import { OrdersView } from './orders/orders-view.js';

export const views = { orders: OrdersView, order: OrderView, new: NewOrderView, expiry: ExpiryView };
