import '../styles/service.css';
import { ConnectView } from './connect.js';
import { ExpiryView } from './expiry/expiry-view.js';
import { NewOrderView } from './new-order/new-order-view.js';
import { OrderView } from './order/order-view.js';
import { OrdersView } from './orders/orders-view.js';
import { OrganizationsView, OrganizationView } from './organizations/organizations-view.js';

export const views = {
  orders: OrdersView,
  order: OrderView,
  new: NewOrderView,
  expiry: ExpiryView,
  organizations: OrganizationsView,
  organization: OrganizationView,
  connect: ConnectView,
};
