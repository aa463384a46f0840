"""What runs the platform: services for one machine, locks, images, the cloud."""
