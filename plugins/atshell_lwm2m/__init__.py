"""CoAP and LwM2M: endpoints that speak, and an analyzer that reads captures."""
