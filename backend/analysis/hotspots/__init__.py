"""Hot grids 热点网格 and hot hours 热点时段: where a place stands above the others, since when, how surely."""
